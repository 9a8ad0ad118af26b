// The list's filters: opened where there is room beside the list. (Adding to the cart and picking variants are htmx's.)
const filters = document.getElementById("filters");
const roomBeside = matchMedia("(min-width: 62rem)");
const arrange = () => { if (filters && roomBeside.matches) filters.open = true; };
roomBeside.addEventListener("change", arrange);
arrange();

// Checkout: new totals as soon as country, delivery or coupon change; the pay button is pressed once.
const form = document.getElementById("checkout");
const asking = ["country", "shipping_method", "coupon", "postal_code", "from_book"];
let latest = 0;

const replacePart = (page, id) => {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (!old || !fresh) return;
  const focused = document.activeElement;
  const again = focused && old.contains(focused) ? [focused.name, focused.value] : null;
  old.replaceWith(fresh);
  if (!again) return;
  const found = [...fresh.querySelectorAll(`[name="${again[0]}"]`)];
  (found.find((field) => field.value === again[1]) ?? found[0])?.focus();
};

const update = async () => {
  const mine = ++latest;
  const body = new URLSearchParams(new FormData(form));
  body.set("action", "update");
  const answer = await fetch("/checkout", { method: "POST", body, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== latest) return;
  if (!page.getElementById("checkout") || body.get("from_book")) {
    form.querySelector("[data-update]").click();
    return;
  }
  replacePart(page, "methods");
  replacePart(page, "summary");
};

form?.addEventListener("change", (event) => {
  if (asking.includes(event.target.name)) update().catch(() => {});
});

document.addEventListener("submit", (event) => {
  const pay = event.submitter?.closest("[data-pay]");
  if (!pay) return;
  if (pay.ariaDisabled === "true") event.preventDefault();
  pay.ariaDisabled = "true";
});
addEventListener("pageshow", () => {
  for (const pay of document.querySelectorAll("[data-pay]")) pay.ariaDisabled = null;
});

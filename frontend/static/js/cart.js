// Plus and minus beside a quantity, and sending it once the typing pauses. Without scripts there is a button.
document.documentElement.classList.add("scripted");
let pause;
const send = (form) => {
  clearTimeout(pause);
  pause = setTimeout(() => form.requestSubmit(), 450);
};
document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (!step) return;
  const input = step.form.elements.quantity;
  const wanted = Number(input.value) + Number(step.dataset.step);
  input.value = Math.min(999, Math.max(0, wanted));
  send(step.form);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-quantity]");
  if (form && form.checkValidity()) send(form);
});

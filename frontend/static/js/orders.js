// The wait for a payment: look again after a few seconds, quietly; go on as soon as the answer is anything else.
// A redirect is not followed here (the provider's page is on another origin) but by the browser itself.
const wait = async () => {
  const waiting = document.getElementById("waiting");
  if (!waiting) return;
  await new Promise((done) => setTimeout(done, Number(waiting.dataset.seconds) * 1000));
  const { again } = waiting.dataset;
  try {
    const answer = await fetch(again, { headers: { Accept: "text/html" }, redirect: "manual" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("waiting");
    if (answer.type === "opaqueredirect" || (!next && answer.ok)) {
      location.assign(again);
      return;
    }
    if (next) waiting.replaceWith(next);
  } catch {
    // The network is away for a moment: the next round tries again.
  }
  wait();
};
wait();

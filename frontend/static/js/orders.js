// The wait for a payment: look again every few seconds, quietly; go on as soon as the answer is another page.
const wait = async () => {
  const waiting = document.getElementById("waiting");
  if (!waiting) return;
  await new Promise((done) => setTimeout(done, Number(waiting.dataset.seconds) * 1000));
  try {
    const answer = await fetch(waiting.dataset.again, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("waiting");
    if (!next && answer.ok) {
      location.assign(answer.url);
      return;
    }
    if (next) waiting.replaceWith(next);
  } catch {
    // The network is away for a moment: the next round tries again.
  }
  wait();
};
wait();

/**
 * Runs in the page, where there is a DOM; page.test.ts reads it as text. Tells which labels of the drawings are cut off or
 * lie over each other, and which drawings have numbers that are none.
 */
(() => {
  const nameOf = (text) => `"${text.textContent}" of "${text.closest('svg').getAttribute('aria-label')}"`;

  const isOver = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  const flawsOf = (picture) => {
    const frame = picture.getBoundingClientRect();
    const texts = [...picture.querySelectorAll('text')].map((it) => ({
      it,
      box: it.getBoundingClientRect(),
    }));
    const cutOff = texts
      .filter(({ box }) => box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom)
      .map(({ it }) => `${nameOf(it)} is cut off`);
    const covered = texts.flatMap(({ it, box }, index) =>
      texts
        .slice(index + 1)
        .filter((other) => isOver(box, other.box))
        .map((other) => `${nameOf(it)} is over ${nameOf(other.it)}`),
    );
    const broken = /NaN|undefined|Infinity/.test(picture.innerHTML) ? ['a number is none'] : [];
    return [...cutOff, ...covered, ...broken];
  };

  return [...document.querySelectorAll('figure svg')].flatMap(flawsOf);
})();

/** Text fields grow with their words where `field-sizing: content` is not known; loaded there alone. */
const { prototype } = HTMLTextAreaElement;
const value = Object.getOwnPropertyDescriptor(prototype, "value")!;

function grow(field: HTMLTextAreaElement): void {
  if (!field.getClientRects().length) return;
  const scroller = field.closest("dialog") ?? document.scrollingElement!;
  const { scrollTop } = scroller; // while the field is measured the page is shorter
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  scroller.scrollTop = scrollTop;
}

function growAll(): void {
  document.querySelectorAll("textarea").forEach(grow);
}

// also what is set by a program, as a draft is
Object.defineProperty(prototype, "value", {
  ...value,
  set(this: HTMLTextAreaElement, text: string) {
    value.set!.call(this, text);
    requestAnimationFrame(() => grow(this));
  },
});
addEventListener("input", ({ target }) => target instanceof HTMLTextAreaElement && grow(target), true);
addEventListener("resize", growAll);
growAll();

// Notes open by style alone. This closes them on Escape, keeps them in sight, and names
// those that Material puts beside lines of code.

const NOTES = ".number__why, .term__means";
let openNote;

// Closed until pointer or focus move on (WCAG 2.2, 1.4.13)
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") {
    document.activeElement.closest(NOTES)?.previousElementSibling.focus();
    document.documentElement.dataset.notes = "closed";
  }
});

for (const move of ["pointerover", "pointerdown", "focusin"]) {
  document.addEventListener(move, ({ target }) => {
    delete document.documentElement.dataset.notes;
    openNote = target.closest?.(".number, .term")?.querySelector(NOTES);
    placeNote();
  });
}

document.addEventListener("scroll", placeNote, { capture: true, passive: true });

// Below its word or above it, on the screen, and out of the tables that would cut it off
function placeNote() {
  openNote?.removeAttribute("style");
  if (!openNote || getComputedStyle(openNote).position === "fixed") {
    return; // on a narrow screen style has a place for it
  }
  const word = openNote.previousElementSibling.getBoundingClientRect();
  const { width, height } = openNote.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below = word.bottom + 2;
  openNote.style.position = "fixed";
  openNote.style.left = `${Math.min(word.left, clientWidth - width - 8)}px`;
  openNote.style.top = `${below + height < clientHeight ? below : word.top - height}px`;
}

// Style draws their numbers, of which a screen reader knows nothing
function nameAnnotations() {
  const word = document.documentElement.lang === "ko" ? "설명" : "Note";
  for (const link of document.querySelectorAll(".md-annotation__index:not([aria-label])")) {
    const number = link.querySelector("[data-md-annotation-id]").dataset.mdAnnotationId;
    link.ariaLabel = link.parentElement.ariaLabel = `${word} ${number}`;
  }
}

for (const article of document.querySelectorAll("article")) {
  new MutationObserver(nameAnnotations).observe(article, { childList: true, subtree: true });
}

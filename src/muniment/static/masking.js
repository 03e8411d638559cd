// What is chosen in the text is written into the field for missed words; the names of classes beside it are not chosen.
const text = document.querySelector("[data-looked]");
const field = document.querySelector("[data-missed]");

document.addEventListener("selectionchange", () => {
  const chosen = document.getSelection();
  if (!text || !field || !chosen.rangeCount || chosen.isCollapsed || !text.contains(chosen.getRangeAt(0).commonAncestorContainer)) return;
  const words = chosen.toString().replace(/\s+/g, " ").trim();
  if (words && words.length <= field.maxLength) field.value = words;
});

// Where a page begins for who has just come: at the first field to be mended, and with the current tab in sight on a phone.
document.querySelector("[aria-invalid=true]")?.focus();

for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const strip = tab.closest(".tabs").getBoundingClientRect();
  if (tab.getBoundingClientRect().right > strip.right) tab.scrollIntoView({ inline: "center", block: "nearest" });
}

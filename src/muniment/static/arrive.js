// A form that came back begins at the first field to be mended.
document.querySelector("[aria-invalid=true]")?.focus();

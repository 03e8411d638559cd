// The one-time code stands in the fragment of the setup link, which browsers do not send: put it into the form, and wipe it
// from the address and the history. Also tells how strong the password is; the server decides.
const code = decodeURIComponent(location.hash.slice(1));
const place = document.querySelector("[data-token]");
if (code && place) {
  place.querySelector("input").value = code;
  history.replaceState(null, "", location.pathname);
}
// Only who has no link, or a wrong one, needs to see the field; after another field's error it still holds the code.
if (place) place.hidden = Boolean(place.querySelector("input").value) && !place.querySelector(".field-error");

function strength(password) {
  if (password.length < 12) return 1;
  const variety = new Set(password.toLowerCase()).size;
  if (variety < 6) return 2;
  return password.length >= 18 && variety >= 9 ? 4 : 3;
}

const block = document.querySelector("[data-strength]");
if (block) {
  const password = block.querySelector("input[type=password]");
  const meter = block.querySelector("[data-strength-meter]");
  const word = block.querySelector("[data-strength-word]");
  const words = word.dataset.words.split("|");
  password.addEventListener("input", () => {
    const level = password.value ? strength(password.value) : 0;
    meter.value = level;
    word.textContent = words[level];
  });
}

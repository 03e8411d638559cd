// A page that was left open until its session ended: the next request is led to the sign-in page, which must not be taken
// for an answer. A table that asks for itself takes the whole page there; signing in leads back.
export function leadsToSignIn(request) {
  return Boolean(request.responseURL) && new URL(request.responseURL).pathname === "/sign-in";
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!leadsToSignIn(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// <form data-passkey="create"> makes a passkey with the JSON in data-options; data-passkey="get" asks the address
// in data-options for some and shows one. What the browser answers goes into the field `answer`, then the form is sent.
for (const form of document.querySelectorAll("[data-passkey]")) {
  const error = form.querySelector("[data-passkey-error]");
  const button = form.querySelector("button[type=submit]");

  const options = async () => {
    if (form.dataset.passkey === "create") return JSON.parse(form.dataset.options);
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(form.dataset.options, {
      method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.sentence);
    return answer;
  };

  const ask = async () => {
    const { publicKey } = await options();
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  };

  form.addEventListener("submit", async (event) => {
    const name = form.querySelector("[name=name]");
    if (name && !name.value.trim()) return; // the server says what is missing
    event.preventDefault();
    button.disabled = true;
    error.hidden = true;
    try {
      form.querySelector("[name=answer]").value = JSON.stringify(await ask());
      const trust = document.querySelector("[name=trust]:checked");
      if (trust && !form.contains(trust)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "trust", value: "on" }));
      form.submit();
    } catch {
      // The browser does not say why: cancelled, timed out, or registered already.
      error.querySelector("span").textContent = form.dataset.refused;
      error.hidden = false;
      button.disabled = false;
    }
  });
}

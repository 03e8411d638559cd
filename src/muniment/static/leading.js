// <form data-leading>: posts itself, so that nobody has to press the button on the way to the provider.
document.querySelector("form[data-leading]").submit();

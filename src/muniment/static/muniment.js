// What every page needs. Pages are whole without it; it makes them quick.
import "./theme_switch.js";
import "./rail.js";
import "./arrive.js";
import "./dialogs.js";
import "./toasts.js";
import "./copy.js";
import "./selection.js";
import "./signed_out.js";

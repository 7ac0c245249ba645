// Uses a one-time link: asks what it is for, shows the fields that this needs, sends them, and says what comes next.
"use strict";

const byId = (id) => document.getElementById(id);
const form = byId("form");
let token = location.hash.slice(1);

const KINDS = {
  first_admin: {
    path: "/v1/first-admin", title: "Set up this server", button: "Create account", fields: ["email", "name"],
    words: "You will be its first administrator, who lets others in.",
  },
  password_reset: {
    path: "/v1/password-reset", title: "Choose a new password", button: "Set password", fields: [],
    words: "Devices that are signed in now will have to sign in again.",
  },
  invitation: {
    path: "/v1/sign-up", title: "Welcome to Alexandria", button: "Create account", fields: ["email", "name"],
    words: "You are invited to keep your books and notes on this server.",
  },
};

const ENDS = {
  link_spent: ["This link no longer works", "It was used, has expired, or a newer one took its place. Nothing was changed. Ask whoever gave it to you for a new one; a server without an administrator prints one when it starts."],
  invitation_spent: ["This invitation no longer works", "It was used or withdrawn, or has expired. Nothing was changed. Ask whoever invited you for a new one."],
  email_taken: ["You have an account already", "The invitation is for an email that has an account on this server. Sign in with it in Alexandria and open the invitation there."],
};

class Refused extends Error {
  constructor(code, sentence) { super(sentence); this.code = code; }
}

async function post(path, body, session) {
  const headers = { "Content-Type": "application/json" };
  if (session) headers.Authorization = `Bearer ${session}`;
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" });
  } catch {
    throw new Refused("no_answer", "The server does not answer. Nothing was changed; try again in a moment.");
  }
  const found = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  throw new Refused(found.error?.code ?? "no_answer", found.error?.message ?? "The server answered with nonsense.");
}

function show(state, title, words) {
  byId("state").dataset.state = state;
  byId("title").textContent = title;
  byId("say").textContent = words;
  byId("say").hidden = !words;
  form.hidden = state !== "asking";
  byId("next").hidden = state !== "done";
  byId("retry").hidden = state !== "away";
  fault("");
}

function fault(sentence, code) {
  byId("fault").textContent = code ? `${sentence} (${code})` : sentence;
  byId("fault").hidden = !sentence;
}

function note(name, sentence, isWrong) {
  byId(`${name}-note`).textContent = sentence;
  form.elements[name].setAttribute("aria-invalid", String(Boolean(isWrong)));
}

function end(reason) {
  const [title, words] = ENDS[reason.code] ?? ["The server does not answer", reason.message];
  const isOver = reason.code in ENDS;
  if (isOver) history.replaceState(null, "", location.pathname);
  show(isOver ? "over" : "away", title, words);
  byId("title").focus();
}

/** What is wrong with the fields before they are sent, as pairs of a field and a sentence. */
function wrong(fields, least) {
  const typed = (name) => form.elements[name].value;
  const found = [];
  if (fields.includes("email") && !/^\s*[^@\s]+@[^@\s]+\s*$/.test(typed("email"))) found.push(["email", "Give your email, such as ada@example.org."]);
  if (fields.includes("name") && !typed("name").trim()) found.push(["name", "Give a name. You can change it later."]);
  if ([...typed("password")].length < least || new Set(typed("password")).size < 4) found.push(["password", hint(least)]);
  return found;
}

const hint = (least) => `At least ${least} characters, four of them different.`;

function bodyFor(kind) {
  const typed = Object.fromEntries(new FormData(form));
  if (kind === "password_reset") return { token, new_password: typed.password };
  const named = { email: typed.email, name: typed.name, password: typed.password };
  return kind === "invitation" ? { ...named, invitation: token } : { ...named, token };
}

async function send(kind, fields, least) {
  const names = [...fields, "password"];
  for (const name of names) note(name, name === "password" ? hint(least) : "");
  fault("");
  const found = wrong(fields, least);
  for (const [name, sentence] of found) note(name, sentence, true);
  if (found.length) return form.elements[found[0][0]].focus();
  byId("go").disabled = true;
  try {
    const made = await post(KINDS[kind].path, bodyFor(kind));
    // This page has no use for the session that came with the account.
    if (made.token) await post("/v1/sign-out", {}, made.token).catch(() => {});
    done(kind, made.user?.email);
  } catch (reason) {
    refused(reason, names);
  } finally {
    byId("go").disabled = false;
  }
}

function refused(reason, names) {
  if (reason.code in ENDS && !(reason.code === "email_taken" && !form.elements.email.readOnly)) return end(reason);
  const name = reason.code.replace("invalid.", "").replace("new_password", "password");
  if (reason.code === "email_taken") {
    note("email", reason.message, true);
  } else if (reason.code.startsWith("invalid.") && names.includes(name)) {
    note(name, reason.message, true);
    form.elements[name].focus();
  } else {
    fault(reason.message, reason.code === "no_answer" ? "" : reason.code);
  }
}

function done(kind, email) {
  history.replaceState(null, "", location.pathname);
  token = "";
  form.reset();
  byId("address").textContent = location.origin;
  byId("sign-in").textContent = email ? `Sign in as ${email} with the password that you chose.` : "Sign in with your email and the new password.";
  show("done", kind === "password_reset" ? "Your password is set" : "Your account is ready", kind === "password_reset" ? "" : "What comes next:");
  byId("title").focus();
}

async function start() {
  show("busy", "One moment", "Looking at the link.");
  if (!token) return show("over", "Nothing to open here", "This page is opened by a link that somebody gave you. Copy the whole link, up to its last letter.");
  let looked;
  try {
    looked = await post("/v1/links/look", { token });
  } catch (reason) {
    return end(reason.code.startsWith("invalid") ? new Refused("link_spent", "") : reason);
  }
  const { kind, email, password_least: least } = looked;
  const { title, words, button, fields } = KINDS[kind];
  show("asking", title, words);
  for (const name of ["email", "name"]) {
    byId(`${name}-field`).hidden = !fields.includes(name);
    form.elements[name].disabled = !fields.includes(name);
    note(name, "");
  }
  form.elements.email.value = email ?? "";
  form.elements.email.readOnly = Boolean(email);
  byId("go").textContent = button;
  note("password", hint(least));
  form.onsubmit = (event) => { event.preventDefault(); send(kind, fields, least); };
  form.querySelector("input:not(:disabled):not(:read-only)").focus();
}

byId("reveal").onclick = () => {
  const field = form.elements.password, isShown = field.type === "text";
  field.type = isShown ? "password" : "text";
  byId("reveal").textContent = isShown ? "Show" : "Hide";
  byId("reveal").setAttribute("aria-pressed", String(!isShown));
};
byId("copy").hidden = !navigator.clipboard;
byId("copy").onclick = async () => {
  await navigator.clipboard.writeText(byId("address").textContent);
  byId("copy").textContent = "Copied";
};
byId("retry").onclick = start;
// Another link in the same tab changes only what follows the #.
addEventListener("hashchange", () => { if (location.hash.length > 1) location.reload(); });
start();

// Uses a one-time link: asks what it is for, shows the fields that this needs, and sends them.
"use strict";

const token = location.hash.slice(1);
const form = document.getElementById("form");
const say = (sentence) => { document.getElementById("say").textContent = sentence; };

const KINDS = {
  first_admin: { path: "/v1/first-admin", words: "You will be the administrator of this server.", fields: ["email", "name"] },
  password_reset: { path: "/v1/password-reset", words: "Choose a new password.", fields: [] },
  invitation: { path: "/v1/sign-up", words: "You are invited. Choose a name and a password.", fields: ["email", "name"] },
};

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const found = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(found.error.message);
  return found;
}

function bodyFor(kind, typed) {
  if (kind === "password_reset") return { token, new_password: typed.password };
  const named = { email: typed.email, name: typed.name, password: typed.password };
  return kind === "invitation" ? { ...named, invitation: token } : { ...named, token };
}

async function start() {
  const { kind, email } = await post("/v1/links/look", { token });
  const { path, words, fields } = KINDS[kind];
  say(words);
  for (const name of ["email", "name"]) {
    const wanted = fields.includes(name);
    document.getElementById(`${name}-field`).hidden = !wanted;
    form.elements[name].disabled = !wanted;
  }
  if (email) {
    form.elements.email.value = email;
    form.elements.email.readOnly = true;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await post(path, bodyFor(kind, Object.fromEntries(new FormData(form))));
      form.hidden = true;
      history.replaceState(null, "", location.pathname);
      say("Done. Sign in with Alexandria on your computer.");
    } catch (fault) {
      say(fault.message);
    }
  });
}

start().catch((fault) => say(fault.message));

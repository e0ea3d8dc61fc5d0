/* A form that goes once. Pressed twice, the browser would wait for the second answer, which comes to a session whose cookie has changed. Without
   this script whoever presses twice signs in again. */
for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
}

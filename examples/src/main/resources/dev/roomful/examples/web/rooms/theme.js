// @ts-check
// Applies the stored theme. It is not a module: it runs before the page is first painted.
try {
  const theme = JSON.parse(localStorage.getItem("roomful:theme") ?? "null");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // no theme can be read: the system's applies
}

// Runs before the page is painted, so that the colours that were chosen are there at once.
try {
  const theme = JSON.parse(localStorage.getItem("roomful:theme"));
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // nothing was chosen, or it cannot be read: as the device has it
}

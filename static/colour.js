// The two fields of the accent colour show the same colour. Without this script the server takes the one that was changed.
const text = document.getElementById('accent'), picker = document.getElementById('picked');
picker?.addEventListener('input', () => { text.value = picker.value; });
text?.addEventListener('input', () => { if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value; });

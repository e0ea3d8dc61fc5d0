/* Gives every block of code a button that copies it; without script the text can be selected as any other. */
for (const block of document.querySelectorAll('.code[data-copy]')) {
  if (!navigator.clipboard) break
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy small'
  button.textContent = block.dataset.copy
  button.setAttribute('aria-live', 'polite')
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.querySelector('pre').textContent)
    button.textContent = block.dataset.copied
    setTimeout(() => { button.textContent = block.dataset.copy }, 2000)
  })
  block.append(button)
}

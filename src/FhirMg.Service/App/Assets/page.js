// Shows the value of the result that is pointed at or focused. Without a script the table holds the same.
const output = document.querySelector('[data-hover]');
for (const mark of document.querySelectorAll('[data-value]')) {
  for (const event of ['pointerenter', 'focus']) {
    mark.addEventListener(event, () => { output.textContent = mark.dataset.value; });
  }
  for (const event of ['pointerleave', 'blur']) {
    mark.addEventListener(event, () => { output.textContent = ''; });
  }
}

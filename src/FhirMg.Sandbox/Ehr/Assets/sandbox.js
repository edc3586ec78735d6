// Filters a list of choices by what is typed; without a script the list is there in full.
for (const field of document.querySelectorAll('input[data-filters]')) {
  const list = document.getElementById(field.dataset.filters);
  const all = [...list.options];
  field.hidden = false;
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren(...all.filter((option) => words.every((word) => option.text.toLowerCase().includes(word))));
  });
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); list.focus(); } });
}

// Filters a list of choices by what is typed; without a script the list is there in full.
for (const field of document.querySelectorAll('input[data-filters]')) {
  const list = document.getElementById(field.dataset.filters);
  const groups = [...list.children];
  const inside = groups.map((group) => [...group.children]);
  const fits = (option, words, label) => words.every((word) => `${option.text} ${label}`.toLowerCase().includes(word));
  field.hidden = false;
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren(...groups.filter((group, at) => {
      if (group.tagName !== 'OPTGROUP') {
        return fits(group, words, '');
      }
      group.replaceChildren(...inside[at].filter((option) => fits(option, words, group.label)));
      return group.children.length > 0;
    }));
    list.selectedIndex = 0;
  });
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); list.focus(); } });
}
// A draft order matters to two hooks only.
const hook = document.getElementById('hook');
if (hook) {
  const show = () => { document.getElementById('draft').parentElement.hidden = !hook.value.startsWith('order-'); };
  hook.addEventListener('change', show);
  show();
}

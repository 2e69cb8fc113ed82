/** Gives the focus a new place when the control that had it disappears: an element, or something inside it. */
export function focusSoon(id: string, inside?: string): void {
  requestAnimationFrame(() => {
    const element = document.getElementById(id);
    const target = inside ? element?.querySelector<HTMLElement>(inside) : element;
    target?.focus();
  });
}

/**
 * A ref for controls that go away by themselves, such as those of work in progress: if one of them has the focus
 * then, the element with the id gets it. To be made outside of components, since every new ref ends the one before.
 */
export function leavesFocusTo(id: string): (element: HTMLElement | null) => () => void {
  return (element) => () => {
    if (element?.contains(document.activeElement)) focusSoon(id);
  };
}

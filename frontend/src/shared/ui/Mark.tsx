/** Half a disc as an eye sees it, half as a raster draws it. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className} fill="currentColor">
      <path d="M15.5 3.5a12.5 12.5 0 0 0 0 25z" />
      <path d="M17.5 3.5h4.6v5.2h-4.6zM17.5 10.1h4.6v5.2h-4.6zM17.5 16.7h4.6v5.2h-4.6zM17.5 23.3h4.6v5.2h-4.6zM23.6 10.1h4.6v5.2h-4.6zM23.6 16.7h4.6v5.2h-4.6z" />
    </svg>
  );
}

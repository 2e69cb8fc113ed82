import type { ReactNode } from "react";

interface DataTableProps {
  /** What the table is about, for screen readers. */
  label: string;
  columns: readonly ReactNode[];
  /** The first cell of each row is its heading. */
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

/** A table that scrolls sideways by itself where the page is too narrow for it. */
export function DataTable({ label, columns, rows }: DataTableProps) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto rounded-2xl bg-surface px-4 py-2"
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line align-bottom">
            {columns.map((column, index) => (
              <th
                key={index}
                scope="col"
                className={`py-2 font-medium ${index === 0 ? "pr-3 text-left" : "pl-3 text-right"}`}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [heading, ...cells] }) => (
            <tr key={key} className="border-b border-line last:border-0">
              <th scope="row" className="min-w-36 py-2 pr-3 text-left font-normal">
                {heading}
              </th>
              {cells.map((cell, index) => (
                <td key={index} className="py-2 pl-3 text-right tabular-nums">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

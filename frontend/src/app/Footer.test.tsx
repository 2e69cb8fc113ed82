import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Footer } from "./Footer";

test("the documentation of the API does not take the place of the answers on the page", () => {
  render(<Footer />);
  expect(screen.getByRole("link", { name: "API for developers" })).toHaveAttribute("target", "_blank");
});

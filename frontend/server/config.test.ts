// @vitest-environment node
import { expect, test } from "vitest";
import { readConfig } from "./config";

test("everything has a default", () => {
  expect(readConfig({})).toEqual({ host: "0.0.0.0", port: 8080, apiUrl: "http://127.0.0.1:8000" });
});

test("the environment is taken over", () => {
  expect(readConfig({ HOST: "127.0.0.1", PORT: "81", API_URL: "https://api.example/v/" })).toEqual({
    host: "127.0.0.1",
    port: 81,
    apiUrl: "https://api.example/v",
  });
});

test.each([
  [{ PORT: "http" }, 'PORT must be a number from 0 to 65535, not "http".'],
  [{ PORT: "70000" }, 'PORT must be a number from 0 to 65535, not "70000".'],
  [{ API_URL: "backend:8000" }, 'API_URL must be an http(s) address, not "backend:8000".'],
])("%j stops the start with a readable sentence", (env, message) => {
  expect(() => readConfig(env)).toThrow(message);
});

import { expect, test } from "vitest";
import { recognise } from "./signature";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const box = (brands: string) => bytes(`\0\0\0\x1cftyp${brands}`);

test.each([
  ["JPEG", bytes("\xff\xd8\xff\xe0")],
  ["PNG", bytes("\x89PNG\r\n\x1a\n")],
  ["GIF", bytes("GIF89a")],
  ["WebP", bytes("RIFF\x10\0\0\0WEBPVP8 ")],
  ["AVIF", box("avif\0\0\0\0avifmif1")],
  ["AVIF", box("mif1\0\0\0\0mif1avif")],
  ["HEIC", box("heic\0\0\0\0mif1heic")],
  ["HEIC", box("mif1\0\0\0\0mif1heic")],
] as const)("%s is recognised by its first bytes", (format, head) => {
  expect(recognise(head)).toBe(format);
});

test.each([
  ["a PDF", bytes("%PDF-1.7")],
  ["an MP4 video", box("isom\0\0\x02\0isomiso2")],
  ["a WAV sound", bytes("RIFF\x10\0\0\0WAVEfmt ")],
  ["text", bytes("hello")],
  ["nothing", bytes("")],
])("%s is not taken for a picture", (_what, head) => {
  expect(recognise(head)).toBeNull();
});

"""Macros, types and functions of C are sections with facts."""

from pathlib import PurePosixPath

import pytest

from runner.corpus.readers.c_header import read
from runner.corpus.sectioning import sections

UART = """// Copyright Ada Ltd.

// Drives the UART.
#ifndef UART_H_
#define UART_H_
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

// Control register
#define UART_CTRL_REG_OFFSET 0x10
#define UART_CTRL_TX_BIT 0  // transmit enable
#define FIELD(x) ((x) << 1)

/** A parity. */
typedef enum uart_parity {
  /** No parity bit. */
  kParityNone = 0,
  /** An odd number
   * of ones. */
  kParityOdd,
} uart_parity_t;

struct uart { uint32_t *base; };

/**
 * Sends a byte.
 * It waits while the FIFO is full.
 *
 * @param byte The byte.
 */
WARN_UNUSED
int uart_send(struct uart *uart, uint8_t byte);
#ifdef __cplusplus
}
#endif
#endif
"""


def test_every_declaration_has_its_heading_and_its_code(tmp_path):
    (tmp_path / "uart.h").write_text(UART)
    made = {
        section.heading: section.text
        for section in sections(PurePosixPath("uart.h"), read(tmp_path / "uart.h", tmp_path), 999).sections
    }
    assert made["header uart.h"].startswith("Drives the UART.\n\n```c\n#ifndef UART_H_")
    assert made["header uart.h"].endswith('extern "C" {\n#endif\n\n```')
    assert "#define UART_CTRL_TX_BIT 0  // transmit enable" in made["macros UART_CTRL_REG_OFFSET to FIELD"]
    assert "kParityNone = 0," in made["enumeration uart_parity_t"]
    assert "int uart_send(struct uart *uart, uint8_t byte);" in made["function uart_send"]
    assert "It waits while the FIFO is full." in made["function uart_send"]


def test_values_and_comments_are_facts(tmp_path):
    (tmp_path / "uart.h").write_text(UART)
    assert [text for _, text in read(tmp_path / "uart.h", tmp_path).facts] == [
        "The macro UART_CTRL_REG_OFFSET of uart.h is 0x10.",
        "The macro UART_CTRL_TX_BIT of uart.h is 0.",
        "The macro UART_CTRL_TX_BIT of uart.h: transmit enable.",
        "The enumeration uart_parity_t: A parity.",
        "The value kParityNone of the enumeration uart_parity_t is 0.",
        "The value kParityNone of the enumeration uart_parity_t: No parity bit.",
        "The value kParityOdd of the enumeration uart_parity_t: An odd number of ones.",
        "The member base of the structure uart is of type uint32_t *.",
        "The function uart_send of uart.h: Sends a byte. It waits while the FIFO is full.",
    ]


@pytest.mark.parametrize("text", ["namespace a {\nint f();\n}", "#if A\n" * 3000 + "int a[] = " + "{" * 20000])
def test_cpp_and_nested_code_are_kept_as_code(tmp_path, text):
    (tmp_path / "a.h").write_text(text)
    document = read(tmp_path / "a.h", tmp_path)
    assert [line for line in document.markdown.split("\n") if line in set(text.split("\n"))] == text.split("\n")
    assert not document.facts

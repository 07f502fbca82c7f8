"""Statements answer yes/no questions."""

import pytest

from runner.grader.statements import asks_yes_or_no, stated

QUESTION = "Is the DMA channel disabled after reset?"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("Yes.", True),
        ("Yes - no channel is on.", True),
        ("No, it is enabled.", False),
        ("That is correct.", True),
        ("It is.", True),
        ("It isn't.", False),
        ("The DMA channel is disabled after reset.", True),
        ("The DMA channel is not disabled after reset.", False),
        ("The DMA channel is enabled after reset.", False),
        ("Ask the vendor.", None),
    ],
)
def test_an_answer_means_yes_or_no(answer: str, meaning: bool | None) -> None:
    assert stated(QUESTION, answer) is meaning


@pytest.mark.parametrize(
    ("question", "statement", "meaning"),
    [
        ("Is the FIFO on after reset?", "It is off after reset.", False),
        ("Is access allowed in user mode?", "It is forbidden in user mode.", False),
        ("Does it pass the test at 125 °C?", "It fails at 125 °C.", None),
        ("Is it locked after boot?", "It is unlocked after boot.", False),
        ("Is the clock running in sleep?", "It is stopped in sleep.", False),
        ("Is the RAM retained in standby?", "It is lost in standby.", False),
        ("Is the memory volatile?", "The memory is non-volatile.", False),
        ("Does it pass?", "It fails.", False),
        ("Does it pass?", "It depends.", None),
        ("Is the FIFO on after reset?", "It is on after reset.", True),
        ("Is the FIFO on after reset?", "The FIFO is empty on reset.", None),
        ("Is the FIFO on after reset?", "It is off.", False),
        ("Is the clock running in sleep?", "The clock is running, not stopped, in sleep.", None),
        ("Does it pass the test?", "It fails to pass the test.", None),
        ("Does the timer generate an interrupt?", "It clears an interrupt.", None),
        ("Is Oslo the capital of Norway?", "It is the largest city of Norway.", None),
        ("Is Oslo the capital of Norway?", "It is the capital of Norway.", True),
        ("Does UART depend on SPI?", "SPI depends on UART.", None),
        ("Is M1 faster than M2?", "M2 is faster than M1.", None),
        ("Does it support 16 beats?", "It supports 32 beats.", None),
        ("Is the register at offset 4 writable?", "It is writable.", True),
        ("Is there a FIFO?", "There is no FIFO.", False),
        ("Is the FIFO on after reset?", "I don't know whether the FIFO is on after reset.", None),
        ("Was the bridge ever closed?", "It was closed in 1990.", True),
        ("Is it enabled?", "It's disabled.", False),
        ("Are negative values allowed?", "Negative values are allowed.", True),
        ("Are right shifts supported?", "Right shifts are not supported.", False),
        ("Are true random numbers generated?", "True random numbers are not generated.", False),
        ("Are false alarms suppressed?", "False alarms are suppressed.", True),
        ("Is data retained in sleep?", "No data is lost in sleep.", None),
        ("Is data lost in sleep?", "No data is lost in sleep.", False),
        ("Does the bus support bursts?", "No bursts are supported.", False),
        ("Is it enabled?", "Right.", True),
        ("Is it enabled?", "Correct - it is.", True),
        ("Is it enabled?", "**False**", False),
        ("Is it enabled?", "False because it is off.", False),
        ("Is it enabled?", "No it is disabled.", False),
        ("Is the reset active low?", "It is active high.", False),
        ("Is the FIFO on when EN is high?", "It is on when EN is low.", None),
        ("Is the RAM retained in standby?", "It is not lost in standby.", True),
        ("Was the bridge closed?", "The bridge was closed, but not in 1990.", None),
        ("Is the PLL bypassed in test mode?", "It is bypassed in test mode.", True),
        ("Is the PLL bypassed in test mode?", "It drives the core in test mode.", None),
        ("Does the timer wrap at 255?", "It stops at 255.", None),
        ("Does the timer wrap at 255?", "The timer wraps at 255.", True),
        ("Is the register signed?", "It is unsigned.", False),
        ("Can the DMA reset the core?", "The core can reset the DMA.", None),
        ("Is the brake light lit while driving?", "It is dark while driving.", None),
        ("Is the link up after training?", "It is down after training.", False),
        ("Is the cache coherent?", "The cache is non-coherent.", False),
        ("Is the heater on at night?", "The heater isn't on at night.", False),
        ("Is debug access permitted in secure mode?", "It is prohibited in secure mode.", False),
        ("Is debug access permitted in secure mode?", "It is permitted in non-secure mode.", None),
        ("Does the FIFO have 16 entries?", "It has 32 entries.", None),
        ("Does the FIFO have 16 entries?", "It has 16 entries.", True),
        ("Is the clock running while the core sleeps?", "It is running, not stopped, while the core sleeps.", None),
        ("Were the minutes of the meeting kept?", "They were lost.", False),
        ("Is the interrupt maskable?", "The interrupt may be maskable.", None),
        ("Did the ship sink in 1912?", "It sailed in 1912.", None),
        ("Is the fuse blown at the factory?", "It is not blown at the factory.", False),
        ("Are writes ignored when LOCK is set?", "They are ignored when LOCK is cleared.", None),
        ("Is the bootloader stored in ROM?", "The bootloader is stored in flash.", None),
        ("Is the bootloader stored in ROM?", "It resides in ROM.", None),
        ("Does the watchdog reset the chip when it expires?", "When it expires, the watchdog resets the chip.", True),
        ("Does the watchdog reset the chip when it expires?", "The watchdog interrupts the chip when it expires.", None),
        ("Are the pull-ups enabled by default?", "They are enabled by default.", True),
        ("Are the pull-ups enabled by default?", "The pull-ups are disabled by default.", False),
        ("Is the bus clock faster than the core clock?", "The core clock is faster than the bus clock.", None),
        ("Is the bus clock faster than the core clock?", "It is slower than the core clock.", None),
        ("Can the counter be read while it is running?", "It can be read while it is running.", True),
        ("Can the counter be read while it is running?", "It cannot be read while it is running.", False),
        ("Can the counter be read while it is running?", "It can be read while it is stopped.", None),
        ("Did Magnus win the race?", "Magnus lost the race.", None),
        ("Did Magnus win the race?", "He won the race.", True),
        ("Did Magnus win the race?", "He came second in the race.", None),
        ("Has the company filed for bankruptcy?", "It has filed for bankruptcy.", True),
        ("Has the company filed for bankruptcy?", "It avoided bankruptcy.", None),
        ("Is the ADC reference external?", "The ADC reference is internal.", False),
        ("Is the ADC reference external?", "It uses an internal reference.", None),
        ("Is the parity bit present in mode 3?", "It is absent in mode 3.", False),
        ("Is the parity bit present in mode 3?", "It is absent in mode 2.", None),
        ("Is the temperature sensor powered in deep sleep?", "It is unpowered in deep sleep.", False),
        ("Does the arbiter favour port 0?", "It favours port 1.", None),
        ("Does the arbiter favour port 0?", "The arbiter treats port 0 and port 1 alike.", None),
        ("Is the status bit cleared on read?", "It is cleared on read.", True),
        ("Is the status bit cleared on read?", "It is set on read.", False),
        ("Is the status bit cleared on read?", "It is cleared by writing 1.", None),
        ("Were the tickets free?", "The tickets were not free.", False),
        ("Were the tickets free?", "They cost 5 euros.", None),
        ("Does the core support unaligned accesses?", "Unaligned accesses are supported by the core.", True),
        ("Does the core support unaligned accesses?", "The core supports only aligned accesses.", None),
        ("Does the core support unaligned accesses?", "It supports aligned accesses.", None),
        ("Is it safe to hot-plug the card?", "It is unsafe to hot-plug the card.", False),
        ("Is it safe to hot-plug the card?", "It is safe to hot-plug the card.", True),
        ("Must the key be erased before an update?", "The key must be erased before an update.", True),
        ("Must the key be erased before an update?", "The key must be erased after an update.", None),
        ("Is the mailbox shared by both cores?", "The mailbox is private to each core.", None),
        ("Is the LED driver on during reset?", "It turns on after reset.", None),
        ("Is the LED driver on during reset?", "The LED driver is off during reset.", False),
    ],
)
def test_a_statement_means_yes_or_no_only_if_it_repeats_or_turns_what_is_asked(
    question: str, statement: str, meaning: bool | None
) -> None:
    assert stated(question, statement) is meaning


def test_questions_for_yes_or_no_are_told_from_others() -> None:
    assert asks_yes_or_no(QUESTION)
    assert not asks_yes_or_no("Which channel is disabled?")
    assert not asks_yes_or_no("Is it left or right?")

// Copyright The Halvern authors (an invented project).
// SPDX-License-Identifier: Apache-2.0
// Keeper: Ilse Brandvold

// Arbitrates for one output of a Sarn router. The module sarn_arbiter grants the output to one
// input for a whole packet, and never changes the grant within it.
module sarn_arbiter #(
  parameter int unsigned Inputs = 5,
  // Lost rounds after which an input is served first.
  parameter int unsigned AgeLimit = 48,

  // Input that holds the grant while nothing is requested.
  parameter int unsigned ParkInput = 2,

  // Idle cycles between the packets of two inputs.
  parameter int unsigned GapCycles = 3
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic [Inputs-1:0] request_i,
  // High with the last flit of a packet.
  input  logic              tail_i,

  // Holds at most one bit.
  output logic [Inputs-1:0] grant_o,

  // Pulses for one cycle when an input reaches AgeLimit.
  output logic              starved_o
);

  logic [Inputs-1:0] next_grant;

  sarn_age_picker #(.Inputs(Inputs), .AgeLimit(AgeLimit), .GapCycles(GapCycles)) u_picker (.*);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) grant_o <= Inputs'(1) << ParkInput;
    else if (tail_i) grant_o <= next_grant;
  end

endmodule

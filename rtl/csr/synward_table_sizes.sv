// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The syncache's sizes: what was written counts from a load on. A size that is no power of two counts as the next
/// lower one, bucketlimit as 1 to 8, cachelimit 0 as 1.
module synward_table_sizes #(
    parameter int LogBuckets = 14  ///< log2 of the most buckets
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         load_i,         ///< 4 clocks or more after a change of the three sysctls
    input  wire  [14:0] hashsize_i,
    input  wire  [3:0]  bucketlimit_i,
    input  wire  [17:0] cachelimit_i,
    output synward_table_sizes_t sizes_o
);
  if (LogBuckets < 1 || LogBuckets > 14) begin : gen_refused_log_buckets
    $error("synward_table_sizes: LogBuckets must be 1 to 14");
  end
  logic [3:0] highest, log_q;
  always_comb begin
    highest = 4'd0;
    for (int i = 0; i < 15; i++) if (hashsize_i[i]) highest = 4'(i < LogBuckets ? i : LogBuckets);
  end
  always_ff @(posedge clk_i) begin
    log_q <= highest;
    if (load_i) begin
      sizes_o.log_hashsize <= log_q;
      for (int i = 0; i < 14; i++) sizes_o.hash_mask[i] <= i < LogBuckets && log_q > 4'(i);
      sizes_o.bucketlimit <= bucketlimit_i[3] ? 4'd8 : bucketlimit_i == 4'd0 ? 4'd1 : bucketlimit_i;
      sizes_o.cachelimit <= cachelimit_i == 18'd0 ? 18'd1 : cachelimit_i;
    end
    if (!rst_ni) begin
      sizes_o.log_hashsize <= 4'(LogBuckets);
      sizes_o.hash_mask <= 14'((1 << LogBuckets) - 1);
      sizes_o.bucketlimit <= 4'd8;
      sizes_o.cachelimit <= 18'(8 << LogBuckets);
    end
  end
endmodule

`default_nettype wire

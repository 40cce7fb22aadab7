// SPDX-License-Identifier: BSD-2-Clause
#include "common/control.hpp"

namespace synward::test {

Bytes status_frame(const StatusSpec& spec, const Key& key) {
  FrameSpec mark = spec.mark;
  const Tuple tuple{mark.src, mark.dst, mark.sport, mark.dport};
  const std::uint32_t tag =
      oracle_status_tag(key, tuple, mark.seq, mark.ack, spec.flags, spec.wscale, spec.mss, spec.status);
  mark.flags = kAck;
  mark.options = opt_mark(spec.flags, spec.wscale, spec.mss, tag);
  if (spec.stamps) mark.options = concat({opt_nop(2), opt_ts(1, 2), mark.options});
  const Frame built = build(mark);
  const auto l3 = built.bytes.begin() + static_cast<std::ptrdiff_t>(built.l3);
  Bytes out(built.bytes.begin(), l3 - 2);
  put16(out, 0x88b5);
  append(out, Bytes{spec.version, spec.type, spec.status, 0});
  out.insert(out.end(), l3, built.bytes.end());
  return out;
}

}  // namespace synward::test

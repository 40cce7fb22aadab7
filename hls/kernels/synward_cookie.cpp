// SPDX-License-Identifier: BSD-2-Clause
#include "kernels/synward_cookie.hpp"

#include "kernels/hashes.hpp"

namespace synward {

namespace {

/// One hash for both: its key, number and byte are those of a new cookie or of the one to be checked.
CookieReply cookie_reply(const CookieSetting& setting, const CookieQuestion& question) {
#pragma HLS INLINE
  const std::uint32_t iss = question.ack - 1;
  const std::uint8_t fresh = cookie_encode(question.mss, question.ws_ok, question.ws, question.sack_ok, setting.parity);
  const std::uint8_t byte = question.check ? cookie_byte_of(iss) : fresh;
  const bool parity = (byte & kCookieParity) != 0;
  const std::uint32_t irs = question.check ? question.seq - 1 : question.seq;
  const SipKey key = parity ? setting.keys[1] : setting.keys[0];
  const std::uint32_t mac = kernel_cookie_mac(key, question.ends, irs, byte);
  CookieReply reply = CookieReply();
  reply.ok = question.check && (iss >> 8) == (mac >> 8);
  if (question.check) {
    reply.byte = byte;
    reply.content = cookie_decode(byte);
  } else {
    reply.iss = cookie_of_mac(mac, byte);
  }
  return reply;
}

}  // namespace

void synward_cookie(hls::stream<CookieQuestion>& questions, hls::stream<CookieSetting>& settings,
                    hls::stream<CookieReply>& replies) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS INTERFACE mode = axis port = questions
#pragma HLS INTERFACE mode = axis port = settings
#pragma HLS INTERFACE mode = axis port = replies
#pragma HLS PIPELINE II = 1 style = flp
  static CookieSetting setting;
#pragma HLS RESET variable = setting
#pragma HLS ARRAY_PARTITION variable = setting.keys type = complete
  if (!settings.empty()) setting = settings.read();
  if (!questions.empty()) replies.write(cookie_reply(setting, questions.read()));
}

}  // namespace synward

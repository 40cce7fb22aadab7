// SPDX-License-Identifier: BSD-2-Clause
#include "axlf.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace synward::sim {

namespace {

std::size_t aligned(std::size_t offset) { return (offset + 7) / 8 * 8; }

template <typename Array>
void set_text(Array& array, const std::string& text) {
  std::copy_n(text.begin(), std::min(text.size(), sizeof array - 1), std::begin(array));
}

template <typename Pod>
void put(std::vector<std::uint8_t>& file, std::size_t offset, const Pod& pod, std::size_t size = sizeof(Pod)) {
  std::memcpy(file.data() + offset, &pod, size);
}

}  // namespace

std::vector<std::uint8_t> make_axlf(const AxlfHead& head, const std::vector<AxlfSection>& sections) {
  constexpr std::size_t kHeaders = offsetof(axlf, m_sections);
  axlf top{};
  std::memcpy(top.m_magic, "xclbin2", sizeof top.m_magic);
  top.m_signature_length = -1;
  std::memset(top.reserved, 0xff, sizeof top.reserved);
  top.m_header.m_versionMajor = 2;
  top.m_header.m_versionMinor = 1;
  top.m_header.m_mode = static_cast<std::uint16_t>(head.mode);
  set_text(top.m_header.m_platformVBNV, head.platform);
  std::ranges::copy(head.uuid, std::begin(top.m_header.uuid));
  top.m_header.m_numSections = static_cast<std::uint32_t>(sections.size());

  std::vector<std::uint8_t> file(kHeaders + sections.size() * sizeof(axlf_section_header));
  for (std::size_t i = 0; i < sections.size(); ++i) {
    file.resize(aligned(file.size()));
    axlf_section_header header{};
    header.m_sectionKind = sections[i].kind;
    set_text(header.m_sectionName, sections[i].name);
    header.m_sectionOffset = file.size();
    header.m_sectionSize = sections[i].data.size();
    put(file, kHeaders + i * sizeof header, header);
    file.insert(file.end(), sections[i].data.begin(), sections[i].data.end());
  }
  top.m_header.m_length = file.size();
  put(file, 0, top, kHeaders);
  return file;
}

}  // namespace synward::sim

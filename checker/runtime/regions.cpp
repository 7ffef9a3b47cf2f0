#include "checker/runtime/regions.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "checker/report/modules.hpp"

namespace lockstep::check {

Regions::Regions(std::uintptr_t on_stack) {
  for (const Module& module : loaded_modules()) {
    if (module.segments.empty()) continue;
    const auto [begin, last] = std::minmax_element(module.segments.begin(), module.segments.end());
    const std::string name = module.path.substr(module.path.rfind('/') + 1);
    regions_.push_back({name, begin->first, last->second, begin->first});
  }
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    Region region;
    char dash = 0;
    std::string permissions, offset, device, inode;
    words >> std::hex >> region.begin >> dash >> region.end >> permissions >> offset >> device >>
        inode >> region.name;
    region.point = region.begin;
    if (on_stack >= region.begin && on_stack < region.end) {
      region.name = "[stack]";  // or another thread's
      region.point = on_stack;
    } else if (region.name != "[heap]") {
      continue;
    }
    regions_.push_back(region);
  }
}

void Regions::pack(Packer& to) const {
  to.number(regions_.size());
  for (const Region& region : regions_) {
    to.text(region.name);
    for (const auto address : {region.begin, region.end, region.point}) to.number(address);
  }
}

Regions Regions::unpacked(Unpacker& from) {
  Regions all;
  all.regions_.resize(from.count());
  for (Region& region : all.regions_) {
    region.name = from.text();
    for (auto* const address : {&region.begin, &region.end, &region.point}) {
      *address = from.number();
    }
  }
  return all;
}

std::uintptr_t Regions::moved(std::uintptr_t address, const Regions& others) const noexcept {
  for (const Region& region : regions_) {
    if (address < region.begin || address >= region.end) continue;
    for (const Region& other : others.regions_) {
      if (other.name == region.name) return address - region.point + other.point;
    }
  }
  return address;
}

}  // namespace lockstep::check

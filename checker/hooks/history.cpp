// checker/hooks/history.cpp: what the program records of operations on its objects.
#include "checker/hooks/hook.hpp"
#include "checker/runtime/histories.hpp"

namespace lockstep::check::history {

#define CALL __builtin_return_address(0)

Recorded* open(Native<std::unique_ptr<AnyReference>> make) {
  Thread* const me = modelled();
  const NativeScope native;
  auto recorded = std::make_unique<Recorded>();
  make(recorded->initial);
  recorded->is_of_execution = me != nullptr;
  if (me != nullptr) Execution::instance().histories().add(*recorded);
  return recorded.release();
}

void close(Recorded* recorded) noexcept {
  if (modelled() == nullptr) delete recorded;
}

Performed* invoke(Recorded& recorded, std::string_view name) {
  Thread* const me = modelled();
  if (me == nullptr) return nullptr;
  const Hook hook(*me, CALL);
  return &hook->note_call(*me, recorded, name);
}

void respond(Performed& performed, Native<Response> describe) {
  Thread* const me = modelled();
  if (me == nullptr) return;
  const Hook hook(*me, CALL);
  hook->note_return(*me, performed);
  describe(performed.response);
}

void withdraw(Performed& performed) noexcept {
  Thread* const me = modelled();
  if (me == nullptr) return;
  const Hook hook(*me, CALL);
  performed.state = Performed::State::withdrawn;
}

}  // namespace lockstep::check::history

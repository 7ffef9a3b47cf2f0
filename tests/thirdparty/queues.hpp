// tests/thirdparty/queues.hpp: what every queue promises, once for all of them.
//
// A queue is given as a type with `bool put(Item)` and `bool take(Item&)`, which say whether they could. What is put is
// a pointer to something plain, so that a queue which does not order what it hands over is found by the race on that.
#pragma once

#include <array>

#include "shipped.hpp"

namespace shipped {

struct Parcel {
  explicit Parcel(int content = 0) : content_(content) {}
  int content_;
};
using Item = Parcel*;

/// Puts, once it can be.
template <class Queue>
void put(Queue& queue, Item item) {
  while (!queue.put(item)) {
  }
}

/// Takes and opens, once there is one; 0 never comes.
template <class Queue>
int take(Queue& queue) {
  Item item = nullptr;
  while (!queue.take(item)) {
  }
  return item->content_;
}

/// Takes and opens if there is one, and is 0 otherwise.
template <class Queue>
int try_take(Queue& queue) {
  Item item = nullptr;
  return queue.take(item) ? item->content_ : 0;
}

/// One puts 1 to `count`, the other takes them in this order.
template <class Queue, int count>
void one_to_one() {
  Queue queue;
  std::array<Parcel, count> parcels;
  in_threads(
      [&] {
        for (int i = 0; i < count; ++i) {
          parcels[i].content_ = i + 1;
          put(queue, &parcels[i]);
        }
      },
      [&] {
        for (int i = 0; i < count; ++i) require(take(queue) == i + 1);
      });
  require(try_take(queue) == 0);
}

/// The same, but looks only a few times: without loops that wait, each look may or may not find something.
template <class Queue, int count>
void one_looks_for_one() {
  Queue queue;
  std::array<Parcel, count> parcels;
  int last = 0;
  in_threads(
      [&] {
        for (int i = 0; i < count; ++i) {
          parcels[i].content_ = i + 1;
          require(queue.put(&parcels[i]));
        }
      },
      [&] {
        for (int i = 0; i < count; ++i) {
          if (const int got = try_take(queue); got != 0) require(got == ++last);
        }
      });
  while (last < count) require(try_take(queue) == ++last);
  require(try_take(queue) == 0);
}

/// Two put one each; both are there, once.
template <class Queue>
void two_put() {
  Queue queue;
  Parcel one(1), two(2);
  in_threads([&] { require(queue.put(&one)); }, [&] { require(queue.put(&two)); });
  const int first = try_take(queue), second = try_take(queue);
  require(first + second == 3 && first * second == 2 && try_take(queue) == 0);
}

/// Two take what is there; each gets another. A queue may say that it is empty while another takes.
template <class Queue>
void two_take() {
  Queue queue;
  Parcel one(1), two(2);
  require(queue.put(&one) && queue.put(&two));
  int here = 0, there = 0;
  in_threads([&] { here = try_take(queue); }, [&] { there = try_take(queue); });
  require(here == 0 || there == 0 || here != there);
  int left = 0;
  while (const int got = try_take(queue)) left += got;
  require(here + there + left == 3);
}

/// Two put, one of them two, and a third takes what it finds: each once, and those of one in their order.
template <class Queue>
void two_put_and_one_takes() {
  Queue queue;
  Parcel one(1), two(2), three(3);
  std::array<int, 3> got{};
  in_threads(
      [&] {
        require(queue.put(&one));
        require(queue.put(&two));
      },
      [&] { require(queue.put(&three)); }, [&] { got[0] = try_take(queue); });
  int found = got[0] != 0 ? 1 : 0;
  if (found == 0) got[found++] = try_take(queue);
  while (found < 3) got[found++] = try_take(queue);
  require(got[0] + got[1] + got[2] == 6 && try_take(queue) == 0);
  const auto place = [&](int content) {
    return std::find(got.begin(), got.end(), content) - got.begin();
  };
  require(place(1) < place(2));
}

/// Each puts one and takes one: nodes and cells are used again while the other is at them.
template <class Queue>
void each_puts_and_takes() {
  Queue queue;
  Parcel one(1), two(2);
  int here = 0, there = 0;
  in_threads(
      [&] {
        require(queue.put(&one));
        here = try_take(queue);
      },
      [&] {
        require(queue.put(&two));
        there = try_take(queue);
      });
  int left = 0;
  while (const int got = try_take(queue)) left += got;
  require(here + there + left == 3);
  require(here == 0 || here != there);
}

}  // namespace shipped

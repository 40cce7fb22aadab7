// SPDX-License-Identifier: BSD-2-Clause
#include "job_queue.hpp"

#include <algorithm>
#include <exception>

namespace synward {

bool JobQueue::post(const std::shared_ptr<Ticket>& ticket, std::chrono::milliseconds patience) {
  using State = Ticket::State;
  std::unique_lock lock(mutex_);
  if (closed_ || tickets_.size() >= most_) {
    return false;
  }
  const auto place =
      ticket->urgent ? std::ranges::find(tickets_, false, [](const auto& one) { return one->urgent; }) : tickets_.end();
  tickets_.insert(place, ticket);
  posted_.notify_one();
  done_.wait_for(lock, patience,
                 [&] { return closed_ || ticket->state == State::done || ticket->state == State::failed; });
  if (ticket->state == State::waiting) {
    ticket->state = State::given_up;
    std::erase(tickets_, ticket);
  }
  return ticket->state == State::done;
}

bool JobQueue::serve(Clock::time_point until) {
  using State = Ticket::State;
  constexpr std::chrono::milliseconds kPatienceWithMany{100};
  const auto longest = std::max(until, Clock::now() + kPatienceWithMany);
  auto turns = waiting();
  while (const auto ticket = next(until)) {
    auto outcome = State::done;
    try {
      ticket->work();
    } catch (const std::exception&) {
      outcome = State::failed;
    }
    {
      const std::lock_guard lock(mutex_);
      ticket->state = outcome;
    }
    done_.notify_all();
    turns -= turns > 0 ? 1 : 0;
    const auto now = Clock::now();
    if ((turns == 0 && now >= until) || (!ticket->urgent && now >= longest)) {
      break;
    }
  }
  const std::lock_guard lock(mutex_);
  return !closed_;
}

std::shared_ptr<JobQueue::Ticket> JobQueue::next(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  posted_.wait_until(lock, until, [this] { return closed_ || !tickets_.empty(); });
  if (closed_ || tickets_.empty()) {
    return nullptr;
  }
  auto ticket = tickets_.front();
  tickets_.pop_front();
  ticket->state = Ticket::State::running;
  return ticket;
}

std::size_t JobQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return tickets_.size();
}

void JobQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    tickets_.clear();
  }
  posted_.notify_all();
  done_.notify_all();
}

}  // namespace synward

package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testsupport.LogCapture;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Protocol sessions that join, publish and leave on many threads, with kicks and closing rooms. */
class ProtocolSessionRaceTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 150;

  private final Map<String, AtomicInteger> balance = new ConcurrentHashMap<>();
  private final AtomicInteger joined = new AtomicInteger();

  private void count(String id, Room room, int change) {
    int now =
        balance.computeIfAbsent(id + room.name(), key -> new AtomicInteger()).addAndGet(change);
    assertTrue(now == 0 || now == 1, id + " is " + now + " times in " + room);
  }

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onJoin(Room room, Participant participant) {
          joined.incrementAndGet();
          count(participant.id(), room, 1);
        }

        @Override
        public void onLeave(Room room, Participant participant, CloseStatus status) {
          count(participant.id(), room, -1);
        }
      };

  @Test
  void eachSessionJoinsAndLeavesOnceAndNothingIsLeft() throws InterruptedException {
    try (LogCapture log = new LogCapture();
        Chat chat = Chat.builder(handler).build()) {
      ToyProtocol toy = new ToyProtocol();
      List<Thread> threads =
          IntStream.range(0, THREADS)
              .mapToObj(
                  number ->
                      new Thread(
                          () -> {
                            for (int i = 0; i < ROUNDS; i++) {
                              round(chat, toy, (number + i) % 5, i);
                            }
                          }))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      eventually("nobody is left", () -> chat.connections() == 0 && chat.participants() == 0);
      eventually("no room is left", () -> chat.rooms().isEmpty());
      assertTrue(joined.get() >= ROUNDS, joined + " joined");
      balance.values().forEach(one -> assertEquals(0, one.get()));
      assertEquals(List.of(), log.messages());
    }
  }

  private static void round(Chat chat, ToyProtocol toy, int number, int i) {
    ToyClient client = new ToyClient(chat, toy);
    client.send("i am p" + number, "join lobby", "say lobby hello", "join side", "leave lobby");
    switch (i % 4) {
      case 0 -> chat.room("side").ifPresent(room -> room.kick("p" + number, "out"));
      case 1 -> chat.participant("p" + number).ifPresent(one -> one.disconnect(CloseStatus.NORMAL));
      case 2 -> chat.room("lobby").ifPresent(room -> room.close("over"));
      default -> chat.participant("p" + number).ifPresent(one -> one.join("third"));
    }
    client.send("join lobby", "say lobby again");
    client.loseConnection();
  }
}

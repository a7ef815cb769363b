package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.internal.room.LiveRoom;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What does not need the lock of a room does not wait for it. */
@Timeout(30)
class RoomLocksTest {
  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .rooms(
                  RoomOptions.defaults()
                      .withKeepEmptyFor(Duration.ofHours(1))
                      .withHistory(History.of(10).withAge(Duration.ofHours(1)))));

  /** Runs a task while another thread holds the lock of the room. */
  private static void whileLocked(Room room, Runnable task) throws InterruptedException {
    LiveRoom live = (LiveRoom) room;
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () -> {
              live.lock.lock();
              try {
                locked.countDown();
                done.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              } finally {
                live.lock.unlock();
              }
            });
    holder.start();
    try {
      assertTrue(locked.await(10, TimeUnit.SECONDS));
      task.run();
      assertTrue(holder.isAlive(), "the task did not wait for the lock");
    } finally {
      done.countDown();
      holder.join();
    }
  }

  @Test
  void theTimerVisitsOnlyRoomsThatHaveSomethingDue() throws InterruptedException {
    TestClient ann = chat.connect("kept", "ann");
    ann.send("hello");
    ann.close();
    TestClient bob = chat.connect("used", "bob");
    bob.send("hello");
    for (String name : List.of("kept", "used")) {
      whileLocked(chat.chat().room(name).orElseThrow(), () -> chat.advance(Duration.ofMinutes(10)));
    }
    chat.advance(Duration.ofMinutes(41));
    assertEquals(List.of("used"), chat.chat().rooms().stream().map(Room::name).toList());
    chat.close();
  }

  @Test
  void aListOfRoomsWithTheirSizesAndTopicsNeedsNoLock() throws InterruptedException {
    chat.connect("lobby", "ann");
    Room lobby = chat.chat().room("lobby").orElseThrow();
    lobby.setTopic("soup");
    whileLocked(
        lobby,
        () ->
            assertEquals(
                List.of("lobby 1 soup"),
                chat.chat().rooms().stream()
                    .map(room -> room.name() + " " + room.size() + " " + room.topic())
                    .toList()));
    chat.close();
  }
}

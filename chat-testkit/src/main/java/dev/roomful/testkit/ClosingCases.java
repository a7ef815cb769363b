package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How connections end, and what each side learns about it. */
abstract class ClosingCases extends EncodingCases {
  private static final String LONGEST_REASON = "Bis später 😀 " + "é".repeat(53);

  @Test
  @Rule("2.4")
  void theClientReceivesTheServersCloseCodeAndReason() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    List<CloseStatus> all = new ArrayList<>();
    for (int code : List.of(1000, 1001, 1008, 1009, 1011, 1012, 1013, 4000, 4321, 4999)) {
      all.add(new CloseStatus(code, "weil es " + code + " heißt 😀"));
    }
    all.add(new CloseStatus(4001, LONGEST_REASON));
    all.add(new CloseStatus(4002, ""));
    for (CloseStatus status : all) {
      String id = "p" + all.indexOf(status);
      Peer peer = enter("hall", id);
      participant(id).disconnect(status);
      assertEquals(close(status), peer.poll(PROMPTLY));
      assertTrue(peer.awaitEnd(PROMPTLY), "the connection has ended after " + status);
      assertEquals(status, handler.awaitLeft(id, PROMPTLY));
    }
  }

  @Test
  @Rule("1.4")
  void theHandlerReceivesTheClientsCloseCodeAndReason() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    List<CloseStatus> all = new ArrayList<>();
    for (int code : List.of(1000, 1001, 1011, 3000, 4000, 4321, 4999)) {
      all.add(new CloseStatus(code, "weil es " + code + " heißt 😀"));
    }
    all.add(new CloseStatus(4001, LONGEST_REASON));
    all.add(new CloseStatus(1005, ""));
    for (CloseStatus status : all) {
      String id = "p" + all.indexOf(status);
      Peer peer = enter("hall", id);
      peer.close(status.code(), status.reason());
      CloseStatus reported = handler.awaitLeft(id, PROMPTLY);
      if (status.code() == 1005 && has(Quirk.REPORTS_MISSING_CODE_AS_NORMAL)) {
        assertEquals(1000, reported.code());
      } else {
        assertEquals(status, reported);
      }
      int answer = peer.awaitClose().code();
      assertTrue(answer != 1006 || has(Quirk.RESETS_ON_ERRORS), "no close frame is answered");
      assertTrue(peer.awaitEnd(PROMPTLY), "the connection has ended after " + status);
    }
  }

  @Test
  @Rule("1.4")
  void aResetConnectionIsReportedOnceAsLost() throws Exception {
    assertReportedOnceAsLost(Peer::vanish);
  }

  @Test
  @Rule("1.4")
  void aConnectionThatEndsWithoutACloseFrameIsReportedOnceAsLost() throws Exception {
    assertReportedOnceAsLost(Peer::hangUpWithoutClose);
  }

  private void assertReportedOnceAsLost(Consumer<Peer> loss) throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    Peer bob = enter("hall", "bob");
    Peer ann = enter("hall", "ann");
    loss.accept(ann);
    assertEquals(CloseStatus.LOST, handler.awaitLeft("ann", Duration.ofSeconds(2)));
    Await.until("the connection is forgotten", PATIENCE, () -> chat.connections() == 1);
    bob.text("alone");
    assertEquals("alone", bob.nextText());
    assertEquals(List.of("joined", "left"), handler.transitions("ann"));
  }

  @Test
  @Rule("2.4")
  void aKickedParticipantReceivesTheReasonAndTheOthersStay() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    Peer ann = enter("hall", "ann");
    Peer otherTab = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    Participant offender = participant("ann");
    room("hall").announce("last words");
    assertTrue(room("hall").kick(offender, "Störung").isDone());
    for (Peer tab : List.of(ann, otherTab)) {
      assertEquals("last words", tab.nextText());
      assertEquals(new Received.Close(4003, "Störung"), tab.poll(PROMPTLY));
    }
    assertEquals(new CloseStatus(4003, "Störung"), handler.awaitLeft("ann", PROMPTLY));
    bob.text("still here");
    assertEquals(List.of("last words", "still here"), bob.texts(2));
  }

  @Test
  @Rule("2.4")
  void allMembersOfAClosedRoomReceiveTheReasonAndOtherRoomsStay() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    List<Peer> inside = List.of(enter("hall", "ann"), enter("hall", "bob"));
    Peer elsewhere = enter("garden", "cid");
    room("hall").announce("we close");
    room("hall").close("Feierabend");
    for (Peer peer : inside) {
      assertEquals("we close", peer.nextText());
      assertEquals(new Received.Close(4004, "Feierabend"), peer.poll(PROMPTLY));
    }
    assertEquals(new CloseStatus(4004, "Feierabend"), handler.awaitLeft("bob", PROMPTLY));
    assertTrue(chat.room("hall").isEmpty());
    elsewhere.text("still open");
    assertEquals("still open", elsewhere.nextText());
  }

  @Test
  @Rule("3.2")
  void aHandlerThatThrowsRejectsOneMessage() throws Exception {
    CaseHandler handler =
        new CaseHandler(
            (room, message) -> {
              if (message.text().equals("fail")) {
                throw new IllegalStateException("intended: the case needs a failing callback");
              }
              room.publish(message);
            });
    open(handler);
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    ann.text("before");
    ann.text("fail");
    assertEquals("before", ann.nextText());
    assertEquals("internal error", ann.nextText());
    ann.text("after");
    assertEquals("after", ann.nextText());
    assertEquals(List.of("before", "after"), bob.texts(2));
  }

  @Test
  @Rule("3.2")
  void aHandlerThatThrowsInOnJoinClosesOneConnection() throws Exception {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant who) {
            if (who.id().equals("ann")) {
              throw new IllegalStateException("intended: the case needs a failing callback");
            }
          }
        };
    open(Chat.builder(handler).authenticator(ServerFixture::authenticateByPath).limits(LIMITS));
    Peer bob = connect("hall", "bob");
    Peer ann = connect("hall", "ann");
    assertEquals(close(CloseStatus.FAILED), ann.poll(PATIENCE));
    bob.text("unhurt");
    assertEquals("unhurt", bob.nextText());
  }

  @Test
  @Rule("2.4")
  void aHandlerMayDisconnectTheSenderOfItsMessage() throws Exception {
    CloseStatus thanks = new CloseStatus(4100, "danke");
    CaseHandler handler = new CaseHandler((room, message) -> answerAndEnd(message, thanks));
    open(handler);
    Peer ann = enter("hall", "ann");
    ann.text("bye");
    assertEquals("bye too", ann.nextText());
    assertEquals(close(thanks), ann.poll(PROMPTLY));
    assertEquals(thanks, handler.awaitLeft("ann", PROMPTLY));
  }

  private static void answerAndEnd(Message message, CloseStatus status) {
    message.reply(message.text() + " too");
    message.participant().disconnect(status);
  }

  @Test
  @Rule("1.4")
  void bothSidesMayCloseAtTheSameTime() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    for (int i = 0; i < 50; i++) {
      String id = "p" + i;
      Peer peer = enter("hall", id);
      Participant participant = participant(id);
      together(
          2,
          side -> {
            if (side == 0) {
              participant.disconnect(CloseStatus.NORMAL);
            } else {
              closeUnlessClosed(peer);
            }
          });
      // Either frame may come first. Only the end and its single report are certain.
      peer.awaitClose();
    }
    IntStream.range(0, 50)
        .forEach(
            i -> {
              handler.awaitLeft("p" + i, PROMPTLY);
              assertEquals(List.of("joined", "left"), handler.transitions("p" + i));
            });
  }

  /** Closes, unless the other side was faster. */
  static void closeUnlessClosed(Peer peer) {
    try {
      peer.close(1000, "");
    } catch (UncheckedIOException closed) {
      // The other side was faster.
    }
  }
}

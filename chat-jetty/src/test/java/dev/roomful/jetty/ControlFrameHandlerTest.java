package dev.roomful.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Control frames, with a session whose writes and an executor whose tasks the test completes. */
class ControlFrameHandlerTest {
  private final FrameHandler jakarta = mock(FrameHandler.class);
  private final CoreSession session = mock(CoreSession.class);
  private final BatchConnection connection = mock(BatchConnection.class);
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<String> pongs = new ArrayList<>();
  private final Queue<Callback> inFlight = new ArrayDeque<>();
  private final ControlFrameHandler handler = new ControlFrameHandler(jakarta, tasks::add);

  @BeforeEach
  void open() {
    doAnswer(
            call -> {
              pongs.add(call.<Frame>getArgument(0).getPayloadAsUTF8());
              inFlight.add(call.getArgument(1));
              return null;
            })
        .when(session)
        .sendFrame(any(Frame.class), any(Callback.class), anyBoolean());
    when(session.isOutputOpen()).thenReturn(true);
    handler.onOpen(session, Callback.NOOP);
  }

  private void ping(String payload) {
    handler.onFrame(
        new Frame(OpCode.PING, ByteBuffer.wrap(payload.getBytes(UTF_8))), Callback.NOOP);
  }

  @Test
  void onlyTheLatestOfThePingsThatComeBesideAnUnwrittenPongIsAnswered() {
    ping("1");
    ping("2");
    ping("3");
    verify(session, times(3)).demand();
    assertEquals(List.of("1"), pongs);
    inFlight.remove().succeeded();
    assertEquals(List.of("1", "3"), pongs);
    inFlight.remove().succeeded();
    ping("4");
    assertEquals(List.of("1", "3", "4"), pongs);
  }

  @Test
  void pingsAreReportedAsPongsAre() {
    Receiver receiver = mock(Receiver.class);
    handler.open(receiver, connection);
    ping("1");
    ping("2");
    verify(receiver, times(2)).pong();
  }

  @Test
  void afterAFailedPongNoOtherIsSent() {
    ping("1");
    ping("2");
    inFlight.remove().failed(new Exception("reset"));
    ping("3");
    assertEquals(List.of("1"), pongs);
    verify(session, times(3)).demand();
  }

  private void queueMessages() {
    handler.open(handler.queueFor(mock(Receiver.class), connection), connection);
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void aCloseFrameAndTheEndWaitForTheMessagesBeforeThem() {
    queueMessages();
    Frame close = CloseStatus.NORMAL_STATUS.toFrame();
    handler.onFrame(close, Callback.NOOP);
    handler.onClosed(CloseStatus.NO_CLOSE_STATUS, Callback.NOOP);
    verify(jakarta, never()).onFrame(any(), any());
    verify(jakarta, never()).onClosed(any(), any());
    runTasks();
    verify(jakarta).onFrame(close, Callback.NOOP);
    verify(jakarta).onClosed(CloseStatus.NO_CLOSE_STATUS, Callback.NOOP);
    verify(connection).inputEnded();
  }

  @Test
  void theAnswerToAServersCloseFrameIsHandledAtOnce() {
    queueMessages();
    when(session.isOutputOpen()).thenReturn(false);
    handler.onFrame(CloseStatus.NORMAL_STATUS.toFrame(), Callback.NOOP);
    verify(jakarta).onFrame(any(), any());
  }

  @Test
  void withoutAQueueTheEndIsReportedAtOnce() {
    handler.open(mock(Receiver.class), connection);
    handler.onFrame(CloseStatus.NORMAL_STATUS.toFrame(), Callback.NOOP);
    handler.onClosed(CloseStatus.NORMAL_STATUS, Callback.NOOP);
    verify(jakarta).onFrame(any(), any());
    verify(jakarta).onClosed(any(), any());
    verify(connection).inputEnded();
  }
}

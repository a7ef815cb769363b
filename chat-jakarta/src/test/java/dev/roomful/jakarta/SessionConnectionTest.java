package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.roomful.Limits;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Frame;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.tomcat.websocket.Constants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes to a session whose behaviour each test chooses. */
class SessionConnectionTest {
  private static final SendResult OK = result(true, null);

  private final Session session = mock(Session.class);
  private final RemoteEndpoint.Async remote = mock(RemoteEndpoint.Async.class);
  private final Map<String, Object> properties = new HashMap<>();
  private final List<String> sent = new ArrayList<>();
  private final List<SendHandler> inFlight = new ArrayList<>();
  private final RecordingCompletion completion = new RecordingCompletion();

  /** How the container handles a send; by default it keeps it for the test to complete. */
  private Consumer<SendHandler> onSend = inFlight::add;

  private SessionConnection connection() {
    return SessionConnection.of(session, Limits.defaults());
  }

  @BeforeEach
  void stubSession() {
    when(session.getAsyncRemote()).thenReturn(remote);
    when(session.getUserProperties()).thenReturn(properties);
    doAnswer(
            call -> {
              sent.add(call.getArgument(0));
              onSend.accept(call.getArgument(1));
              return null;
            })
        .when(remote)
        .sendText(anyString(), any(SendHandler.class));
    doAnswer(
            call -> {
              ByteBuffer bytes = call.getArgument(0);
              sent.add(bytes.remaining() + " bytes");
              onSend.accept(call.getArgument(1));
              return null;
            })
        .when(remote)
        .sendBinary(any(ByteBuffer.class), any(SendHandler.class));
  }

  /** Not constructed: its constructors differ between versions of the API. */
  private static SendResult result(boolean ok, @Nullable Throwable failure) {
    SendResult result = mock(SendResult.class);
    when(result.isOK()).thenReturn(ok);
    when(result.getException()).thenReturn(failure);
    return result;
  }

  private static Batch batch(String... texts) {
    return Batch.of(Stream.of(texts).map(Frame::text).toArray(Frame[]::new));
  }

  /** How a write or a ping ended, and that it did so once. */
  private static final class RecordingCompletion implements Completion {
    int successes;
    final List<Throwable> failures = new ArrayList<>();

    @Override
    public void succeeded() {
      successes++;
    }

    @Override
    public void failed(Throwable cause) {
      failures.add(cause);
    }

    void assertPending() {
      assertEquals(0, successes + failures.size(), "completions");
    }

    void assertSucceeded() {
      assertEquals(List.of(), failures);
      assertEquals(1, successes);
    }

    Throwable failure() {
      assertEquals(0, successes);
      assertEquals(1, failures.size(), "failures");
      return failures.get(0);
    }
  }

  @Test
  void oneFrameIsInFlightAndTheNextGoesWhenItHasBeenSent() {
    connection().write(batch("a", "b", "c"), completion);
    for (int i = 0; i < 3; i++) {
      assertEquals(i + 1, sent.size(), "frames sent");
      completion.assertPending();
      inFlight.get(i).onResult(OK);
    }
    assertEquals(List.of("a", "b", "c"), sent);
    completion.assertSucceeded();
  }

  @Test
  void textsAndBytesKeepTheirOrder() {
    onSend = handler -> handler.onResult(OK);
    Batch batch =
        Batch.of(
            Frame.text("a"),
            Frame.binary(new byte[] {1, 2, 3}),
            Frame.text(""),
            Frame.binary(new byte[0]));
    connection().write(batch, completion);
    assertEquals(List.of("a", "3 bytes", "", "0 bytes"), sent);
    completion.assertSucceeded();
  }

  @Test
  void aSendThatNeverCompletesHoldsBackTheRest() {
    connection().write(batch("a", "b"), completion);
    assertEquals(List.of("a"), sent);
    completion.assertPending();
  }

  @Test
  void aSendThatCompletesTwiceSendsTheNextFrameOnce() {
    connection().write(batch("a", "b", "c"), completion);
    inFlight.get(0).onResult(OK);
    inFlight.get(0).onResult(OK);
    inFlight.get(0).onResult(result(false, new IOException("and a third time")));
    assertEquals(List.of("a", "b"), sent);
    inFlight.get(1).onResult(OK);
    inFlight.get(2).onResult(OK);
    inFlight.get(2).onResult(OK);
    completion.assertSucceeded();
  }

  @Test
  void aSecondCompletionAfterAFailureIsIgnored() {
    connection().write(batch("a", "b"), completion);
    IOException reset = new IOException("reset");
    inFlight.get(0).onResult(result(false, reset));
    inFlight.get(0).onResult(OK);
    assertSame(reset, completion.failure());
    assertEquals(List.of("a"), sent);
  }

  @Test
  void tenThousandFramesThatCompleteWithinTheCallDoNotOverflowTheStack() {
    onSend = handler -> handler.onResult(OK);
    Batch batch = batch(Collections.nCopies(10_000, "~").toArray(String[]::new));
    connection().write(batch, completion);
    assertEquals(10_000, sent.size());
    completion.assertSucceeded();
  }

  @Test
  void tenThousandFramesThatCompleteOnAnotherThreadGoInOrder() throws Exception {
    List<String> texts = IntStream.range(0, 10_000).mapToObj(Integer::toString).toList();
    CountDownLatch done = new CountDownLatch(1);
    ExecutorService container = Executors.newFixedThreadPool(2);
    try {
      onSend = handler -> container.execute(() -> handler.onResult(OK));
      connection()
          .write(
              batch(texts.toArray(new String[0])),
              new Completion() {
                @Override
                public void succeeded() {
                  completion.succeeded();
                  done.countDown();
                }

                @Override
                public void failed(Throwable cause) {
                  completion.failed(cause);
                  done.countDown();
                }
              });
      assertTrue(done.await(10, TimeUnit.SECONDS), "the batch is completed");
    } finally {
      container.shutdown();
    }
    assertTrue(container.awaitTermination(5, TimeUnit.SECONDS));
    completion.assertSucceeded();
    assertEquals(texts, sent);
  }

  @Test
  void aSessionThatThrowsInsteadOfCompletingFailsTheWriteOnce() {
    IllegalStateException closed = new IllegalStateException("the session is closed");
    onSend =
        handler -> {
          throw closed;
        };
    connection().write(batch("a", "b"), completion);
    assertSame(closed, completion.failure());
    assertEquals(List.of("a"), sent, "nothing is sent behind a failure");
  }

  @Test
  void aSessionThatThrowsBetweenTwoFramesFailsTheWriteOnce() {
    IllegalStateException closed = new IllegalStateException("the session is closed");
    onSend =
        handler -> {
          if (sent.size() == 2) {
            throw closed;
          }
          handler.onResult(OK);
        };
    connection().write(batch("a", "b", "c"), completion);
    assertSame(closed, completion.failure());
    assertEquals(List.of("a", "b"), sent);
  }

  @Test
  void aSessionThatCompletesAndThenThrowsSucceeds() {
    onSend =
        handler -> {
          handler.onResult(OK);
          throw new IllegalStateException("too late");
        };
    connection().write(batch("a", "b"), completion);
    assertEquals(List.of("a", "b"), sent);
    completion.assertSucceeded();
  }

  @Test
  void aFailureWithoutAnExceptionIsAFailure() {
    connection().write(batch("a", "b"), completion);
    inFlight.get(0).onResult(result(false, null));
    assertInstanceOf(IOException.class, completion.failure());
    assertEquals(List.of("a"), sent);
  }

  @Test
  void aBatchMayBeFilledAgainWithinItsCompletion() {
    onSend = handler -> handler.onResult(OK);
    SessionConnection connection = connection();
    List<Frame> frames = new ArrayList<>(List.of(Frame.text("a"), Frame.text("b")));
    Batch batch =
        new Batch() {
          @Override
          public int size() {
            return frames.size();
          }

          @Override
          public Frame frame(int index) {
            return frames.get(index);
          }

          @Override
          public ByteBuffer wire() {
            throw new UnsupportedOperationException("frames are sent one by one");
          }
        };
    connection.write(
        batch,
        new Completion() {
          @Override
          public void succeeded() {
            frames.clear();
            frames.add(Frame.text("c"));
            connection.write(batch, completion);
          }

          @Override
          public void failed(Throwable cause) {
            throw new AssertionError(cause);
          }
        });
    assertEquals(List.of("a", "b", "c"), sent);
    completion.assertSucceeded();
  }

  @Test
  void aPingIsCompletedOnceItWasSent() throws IOException {
    connection().ping(completion);
    verify(remote).sendPing(ByteBuffer.allocate(0));
    completion.assertSucceeded();
  }

  @Test
  void aPingThatThrowsFails() throws IOException {
    IOException reset = new IOException("reset");
    doThrow(reset).when(remote).sendPing(any());
    connection().ping(completion);
    assertSame(reset, completion.failure());
  }

  @Test
  void aPingOnAClosedSessionFails() throws IOException {
    IllegalStateException closed = new IllegalStateException("the session is closed");
    doThrow(closed).when(remote).sendPing(any());
    connection().ping(completion);
    assertSame(closed, completion.failure());
  }

  @Test
  void aFailedWriteIsReportedBehindTheMessagesThatTheContainerHasRead() {
    List<Runnable> behindMessages = new ArrayList<>();
    SessionConnection connection = connection();
    connection.holdFailures(behindMessages::add);
    connection.write(batch("a"), completion);
    IOException reset = new IOException("reset");
    inFlight.get(0).onResult(result(false, reset));
    completion.assertPending();
    behindMessages.forEach(Runnable::run);
    assertSame(reset, completion.failure());
  }

  @Test
  void aPingOnAClosedSessionIsReportedAfterTheContainerHasReportedTheEnd() throws IOException {
    IllegalStateException closed = new IllegalStateException("the session is closed");
    doThrow(closed).when(remote).sendPing(any());
    SessionConnection connection = connection();
    connection.holdFailures(Runnable::run);
    connection.ping(completion);
    completion.assertPending();
    connection.inputEnded();
    assertSame(closed, completion.failure());
    connection.inputEnded();
    connection.abort();
    completion.failure();
  }

  @Test
  void aWriteOnAClosedSessionIsReportedAtAnAbort() {
    IllegalStateException closed = new IllegalStateException("the session is closed");
    onSend =
        handler -> {
          throw closed;
        };
    SessionConnection connection = connection();
    connection.holdFailures(Runnable::run);
    connection.write(batch("a"), completion);
    completion.assertPending();
    connection.abort();
    assertSame(closed, completion.failure());
  }

  @Test
  void aWriteThatFailsAfterTheEndIsReportedAtOnce() {
    SessionConnection connection = connection();
    connection.holdFailures(task -> {});
    connection.inputEnded();
    connection.write(batch("a"), completion);
    inFlight.get(0).onResult(result(false, null));
    assertInstanceOf(IOException.class, completion.failure());
  }

  @Test
  void closingSendsTheCodeAndTheReason() throws IOException {
    CloseReason[] reason = new CloseReason[1];
    doAnswer(
            call -> {
              reason[0] = call.getArgument(0);
              return null;
            })
        .when(session)
        .close(any(CloseReason.class));
    connection().close(4002, "reading too slowly");
    assertNotNull(reason[0]);
    assertEquals(4002, reason[0].getCloseCode().getCode());
    assertEquals("reading too slowly", reason[0].getReasonPhrase());
  }

  @Test
  void closingOrAbortingAClosedSessionDoesNotThrow() throws IOException {
    SessionConnection connection = connection();
    doThrow(new IOException("broken pipe")).when(session).close(any(CloseReason.class));
    connection.close(1000, "");
    connection.abort();
    doThrow(new IllegalStateException("closed")).when(session).close(any(CloseReason.class));
    connection.close(1000, "");
    connection.abort();
  }

  @Test
  void anAbortDoesNotWaitUntilTomcatCanSendACloseFrame() throws IOException {
    Map<String, Object> atTheClose = new HashMap<>();
    doAnswer(
            call -> {
              atTheClose.putAll(properties);
              return null;
            })
        .when(session)
        .close(any(CloseReason.class));
    SessionConnection connection = connection();
    assertEquals(1000L, properties.get(SessionConnection.TOMCAT_SEND_TIMEOUT));
    connection.abort();
    assertEquals(1L, atTheClose.get(SessionConnection.TOMCAT_SEND_TIMEOUT));
    assertEquals(1L, atTheClose.get(SessionConnection.TOMCAT_CLOSE_FRAME_TIMEOUT));
  }

  @Test
  void anAbortOfAClosedSessionThatRejectsAllCallsDoesNotThrow() throws IOException {
    SessionConnection connection = connection();
    when(session.getUserProperties()).thenThrow(new IllegalStateException("closed"));
    doThrow(new IllegalStateException("closed")).when(session).close(any(CloseReason.class));
    connection.abort();
    verify(session).close(any(CloseReason.class));
  }

  @Test
  void tomcatWaitsForTheClientsCloseFrameAsLongAsTheChat() {
    SessionConnection.of(session, Limits.defaults().withCloseTimeout(Duration.ofMillis(1500)));
    assertEquals(1500L, properties.get(SessionConnection.TOMCAT_SESSION_CLOSE_TIMEOUT));
  }

  @Test
  void theNamesOfTomcatsPropertiesAreThoseOfThisVersion() {
    assertEquals(Constants.BLOCKING_SEND_TIMEOUT_PROPERTY, SessionConnection.TOMCAT_SEND_TIMEOUT);
    assertEquals(
        Constants.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT_PROPERTY,
        SessionConnection.TOMCAT_CLOSE_FRAME_TIMEOUT);
    assertEquals(
        Constants.SESSION_CLOSE_TIMEOUT_PROPERTY, SessionConnection.TOMCAT_SESSION_CLOSE_TIMEOUT);
  }

  @Test
  void theContainersSendTimeoutIsLongerThanTheChatsTimeouts() {
    SessionConnection.of(
        session,
        Limits.defaults()
            .withWriteTimeout(Duration.ofSeconds(3))
            .withCloseTimeout(Duration.ofMillis(1500)));
    verify(remote).setSendTimeout(4500);
  }
}

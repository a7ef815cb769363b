package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a test controls. By default it completes each operation at once and answers a
 * close frame. It records violations of the contract of {@link Connection}.
 */
public final class FakeConnection implements Connection {
  private final List<String> received = new ArrayList<>();
  private final List<Integer> batchSizes = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final List<Completion> completions = new ArrayList<>();
  private @Nullable Completion inFlight;
  private @Nullable Receiver receiver;
  private @Nullable CloseStatus closeStatus;
  private int aborts;
  private int pings;
  private boolean ended;
  private boolean holding;
  private boolean ignoresClose;
  private Runnable onAnyCall = () -> {};
  private Runnable onWrite = () -> {};
  private Runnable onPing = () -> {};
  private Runnable onClose = () -> {};
  private Runnable onAbort = () -> {};

  public static FakeConnection open(Chat chat, String room, String id) {
    return new FakeConnection().connect(chat, AcceptedAdmission.of(id, room));
  }

  public FakeConnection connect(Chat chat, AcceptedAdmission admission) {
    Receiver newReceiver = Gateway.of(chat).open(admission, this);
    boolean alreadyEnded;
    synchronized (this) {
      receiver = newReceiver;
      alreadyEnded = ended;
    }
    if (alreadyEnded) {
      newReceiver.closed(1006, "");
    }
    return this;
  }

  /** Leaves writes and pings in flight from now on. */
  public synchronized FakeConnection hold() {
    holding = true;
    return this;
  }

  /** Completes the operation in flight, and each later one at once. */
  public void release() {
    synchronized (this) {
      holding = false;
    }
    complete();
  }

  /** Completes the operation in flight; {@link #hold()} remains in effect. */
  public void complete() {
    Completion completion;
    synchronized (this) {
      completion = inFlight;
      inFlight = null;
    }
    if (completion != null) {
      completion.succeeded();
    }
  }

  /** Does not answer a close frame from now on. */
  public synchronized FakeConnection ignoreClose() {
    ignoresClose = true;
    return this;
  }

  /** Sets the action that runs first in each call of the core. */
  public FakeConnection onAnyCall(Runnable action) {
    onAnyCall = action;
    return this;
  }

  public FakeConnection onWrite(Runnable action) {
    onWrite = action;
    return this;
  }

  public FakeConnection onPing(Runnable action) {
    onPing = action;
    return this;
  }

  public FakeConnection onClose(Runnable action) {
    onClose = action;
    return this;
  }

  public FakeConnection onAbort(Runnable action) {
    onAbort = action;
    return this;
  }

  public void send(String text) {
    receiver().text(text);
  }

  public void closeFromClient() {
    end(1000);
  }

  public void loseConnection() {
    end(1006);
  }

  public synchronized Receiver receiver() {
    if (receiver == null) {
      throw new IllegalStateException("not open yet");
    }
    return receiver;
  }

  public synchronized List<String> received() {
    return List.copyOf(received);
  }

  /** The number of frames of each write. */
  public synchronized List<Integer> batchSizes() {
    return List.copyOf(batchSizes);
  }

  /** The violations of the contract of {@link Connection} by the core. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** The completions of all operations, in order. */
  public synchronized List<Completion> completions() {
    return List.copyOf(completions);
  }

  /** The status of the close frame that the core sent, or null. */
  public synchronized @Nullable CloseStatus closeStatus() {
    return closeStatus;
  }

  public synchronized int closeCode() {
    return closeStatus == null ? 0 : closeStatus.code();
  }

  public synchronized int aborts() {
    return aborts;
  }

  public synchronized int pings() {
    return pings;
  }

  public synchronized boolean isOpen() {
    return !ended;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    onAnyCall.run();
    boolean completeNow;
    synchronized (this) {
      begin("write", completion);
      batchSizes.add(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        Frame frame = batch.frame(i);
        received.add(frame.isText() ? frame.text() : frame.payload().remaining() + " bytes");
      }
      completeNow = !holding;
    }
    onWrite.run();
    if (completeNow) {
      complete();
    }
  }

  @Override
  public void ping(Completion completion) {
    onAnyCall.run();
    boolean completeNow;
    synchronized (this) {
      begin("ping", completion);
      pings++;
      completeNow = !holding;
    }
    onPing.run();
    if (completeNow) {
      complete();
    }
  }

  @Override
  public void close(int code, String reason) {
    onAnyCall.run();
    boolean answersClose;
    synchronized (this) {
      if (inFlight != null) {
        violations.add("close while an operation is in flight");
      }
      if (closeStatus != null) {
        violations.add("close after close");
      }
      closeStatus = new CloseStatus(code, reason);
      answersClose = !ignoresClose;
    }
    onClose.run();
    if (answersClose) {
      end(code);
    }
  }

  @Override
  public void abort() {
    onAnyCall.run();
    synchronized (this) {
      aborts++;
    }
    onAbort.run();
    end(1006);
  }

  private void begin(String operation, Completion completion) {
    if (inFlight != null) {
      violations.add(operation + " while another operation is in flight");
    }
    if (closeStatus != null) {
      violations.add(operation + " after close");
    }
    inFlight = completion;
    completions.add(completion);
  }

  private void end(int code) {
    Completion interrupted;
    Receiver openReceiver;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      interrupted = inFlight;
      inFlight = null;
      openReceiver = receiver;
    }
    if (interrupted != null) {
      interrupted.failed(new IOException("the connection has ended"));
    }
    if (openReceiver != null) {
      openReceiver.closed(code, "");
    }
  }
}

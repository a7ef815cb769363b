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
 * A transport's connection in the hands of a test: by default a perfect one, which completes at
 * once and answers a close frame. It notes when the core breaks the protocol.
 */
public final class FakeConnection implements Connection {
  private final List<String> heard = new ArrayList<>();
  private final List<Integer> batches = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final List<Completion> completions = new ArrayList<>();
  private @Nullable Completion inFlight;
  private @Nullable Receiver receiver;
  private @Nullable CloseStatus told;
  private int aborts;
  private int pings;
  private boolean ended;
  private boolean holding;
  private boolean deaf;
  private Runnable always = () -> {};
  private Runnable onWrite = () -> {};
  private Runnable onPing = () -> {};
  private Runnable onClose = () -> {};
  private Runnable onAbort = () -> {};

  public static FakeConnection open(Chat chat, String room, String id) {
    return new FakeConnection().enter(chat, AcceptedAdmission.of(id, room));
  }

  public FakeConnection enter(Chat chat, AcceptedAdmission entry) {
    Receiver given = Gateway.of(chat).open(entry, this);
    boolean over;
    synchronized (this) {
      receiver = given;
      over = ended;
    }
    if (over) {
      given.closed(1006, "");
    }
    return this;
  }

  /** From now on writes and pings stay in flight. */
  public synchronized FakeConnection hold() {
    holding = true;
    return this;
  }

  /** Completes what is in flight, and from now on everything at once. */
  public void release() {
    synchronized (this) {
      holding = false;
    }
    complete();
  }

  /** Completes what is in flight; the next operation stays in flight if it is still holding. */
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

  /** Does not answer a close frame. */
  public synchronized FakeConnection deaf() {
    deaf = true;
    return this;
  }

  /** Runs in each call that the core makes. */
  public FakeConnection always(Runnable action) {
    always = action;
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

  public void say(String text) {
    receiver().text(text);
  }

  public void hangUp() {
    end(1000);
  }

  public void vanish() {
    end(1006);
  }

  public synchronized Receiver receiver() {
    if (receiver == null) {
      throw new IllegalStateException("not open yet");
    }
    return receiver;
  }

  public synchronized List<String> heard() {
    return List.copyOf(heard);
  }

  /** How many frames each write had. */
  public synchronized List<Integer> batches() {
    return List.copyOf(batches);
  }

  /** What the core did against the protocol of {@link Connection}. */
  public synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  /** The completions of all operations, the first one first. */
  public synchronized List<Completion> completions() {
    return List.copyOf(completions);
  }

  /** The status with which the core closed it, or null. */
  public synchronized @Nullable CloseStatus told() {
    return told;
  }

  public synchronized int code() {
    return told == null ? 0 : told.code();
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
    always.run();
    boolean now;
    synchronized (this) {
      begin("write", completion);
      batches.add(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        Frame frame = batch.frame(i);
        heard.add(frame.isText() ? frame.text() : frame.payload().remaining() + " bytes");
      }
      now = !holding;
    }
    onWrite.run();
    if (now) {
      complete();
    }
  }

  @Override
  public void ping(Completion completion) {
    always.run();
    boolean now;
    synchronized (this) {
      begin("ping", completion);
      pings++;
      now = !holding;
    }
    onPing.run();
    if (now) {
      complete();
    }
  }

  @Override
  public void close(int code, String reason) {
    always.run();
    boolean answers;
    synchronized (this) {
      if (inFlight != null) {
        breaches.add("close while an operation is in flight");
      }
      if (told != null) {
        breaches.add("close after close");
      }
      told = new CloseStatus(code, reason);
      answers = !deaf;
    }
    onClose.run();
    if (answers) {
      end(code);
    }
  }

  @Override
  public void abort() {
    always.run();
    synchronized (this) {
      aborts++;
    }
    onAbort.run();
    end(1006);
  }

  private void begin(String operation, Completion completion) {
    if (inFlight != null) {
      breaches.add(operation + " while another operation is in flight");
    }
    if (told != null) {
      breaches.add(operation + " after close");
    }
    inFlight = completion;
    completions.add(completion);
  }

  private void end(int code) {
    Completion broken;
    Receiver listening;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      broken = inFlight;
      inFlight = null;
      listening = receiver;
    }
    if (broken != null) {
      broken.failed(new IOException("the connection has ended"));
    }
    if (listening != null) {
      listening.closed(code, "");
    }
  }
}

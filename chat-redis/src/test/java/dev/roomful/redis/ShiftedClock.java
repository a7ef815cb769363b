package dev.roomful.redis;

import dev.roomful.Chat;
import dev.roomful.internal.delivery.DefaultScheduler;
import dev.roomful.transport.Scheduler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** A time of day for one chat that differs from that of the machine. */
final class ShiftedClock {
  private final AtomicLong millis = new AtomicLong();

  void shift(long byMillis) {
    millis.addAndGet(byMillis);
  }

  /** Lets a chat have its own threads and timers, and this time of day. */
  Chat.Builder install(Chat.Builder builder) {
    Scheduler real = new DefaultScheduler(Runtime.getRuntime().availableProcessors(), null);
    Object shifted =
        Proxy.newProxyInstance(
            Scheduler.class.getClassLoader(),
            new Class<?>[] {Scheduler.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("currentTimeMillis")) {
                return real.currentTimeMillis() + millis.get();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
    return Scheduler.install((Scheduler) shifted, builder);
  }
}

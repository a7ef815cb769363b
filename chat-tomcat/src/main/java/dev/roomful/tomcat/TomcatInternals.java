package dev.roomful.tomcat;

import dev.roomful.internal.validation.FailureLog;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.Nio2Channel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Checks that the running Tomcat has what this adapter uses of it. Tomcat's upgrade SPI is public,
 * and its own WebSocket and HTTP/2 use it, but nothing promises that it stays.
 */
final class TomcatInternals {
  private static final FailureLog LOG = new FailureLog("dev.roomful.tomcat");

  private TomcatInternals() {}

  /** {@return whether connections can be upgraded to a {@link TomcatUpgradeHandler}} */
  static boolean areAsExpected() {
    try {
      checkMethods();
      return implementsAll(InternalHttpUpgradeHandler.class, TomcatUpgradeHandler.class);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException incompatible) {
      LOG.debug(() -> "Tomcat's upgrade SPI is not as expected", incompatible);
      return false;
    }
  }

  private static void checkMethods() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    Class<?> wrapper = SocketWrapperBase.class;
    MethodType call = MethodType.methodType(void.class);
    MethodType question = MethodType.methodType(boolean.class);
    lookup.findVirtual(wrapper, "getSocket", MethodType.methodType(Object.class));
    lookup.findVirtual(
        wrapper, "getSocketBufferHandler", MethodType.methodType(SocketBufferHandler.class));
    lookup.findVirtual(
        wrapper, "read", MethodType.methodType(int.class, boolean.class, ByteBuffer.class));
    lookup.findVirtual(
        wrapper, "write", MethodType.methodType(void.class, boolean.class, ByteBuffer.class));
    lookup.findVirtual(wrapper, "flush", MethodType.methodType(boolean.class, boolean.class));
    lookup.findVirtual(wrapper, "isReadyForWrite", question);
    lookup.findVirtual(wrapper, "isClosed", question);
    lookup.findVirtual(wrapper, "close", call);
    lookup.findVirtual(wrapper, "registerWriteInterest", call);
    lookup.findVirtual(
        wrapper,
        "processSocket",
        MethodType.methodType(void.class, SocketEvent.class, boolean.class));
    lookup.findVirtual(
        NioChannel.class, "getIOChannel", MethodType.methodType(SocketChannel.class));
    lookup.findVirtual(
        Nio2Channel.class, "getIOChannel", MethodType.methodType(AsynchronousSocketChannel.class));
    lookup.findVirtual(InternalHttpUpgradeHandler.class, "hasAsyncIO", question);
    lookup.findVirtual(SocketBufferHandler.class, "configureReadBufferForRead", call);
    lookup.findVirtual(
        SocketBufferHandler.class, "getReadBuffer", MethodType.methodType(ByteBuffer.class));
    if (!Lock.class.isAssignableFrom(lockMethod().getReturnType())) {
      throw new NoSuchMethodException("SocketWrapperBase.getLock returns no Lock");
    }
  }

  /** {@return whether a class has a method for each that a version of an interface declares} */
  static boolean implementsAll(Class<?> declared, Class<?> implementation) {
    return Arrays.stream(declared.getMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .allMatch(method -> isImplemented(method, implementation));
  }

  private static boolean isImplemented(Method method, Class<?> implementation) {
    try {
      Method found = implementation.getMethod(method.getName(), method.getParameterTypes());
      return !Modifier.isAbstract(found.getModifiers())
          && method.getReturnType().isAssignableFrom(found.getReturnType());
    } catch (NoSuchMethodException missing) {
      return false;
    }
  }

  private static Method lockMethod() throws NoSuchMethodException {
    return SocketWrapperBase.class.getMethod("getLock");
  }

  /**
   * {@return the lock under which Tomcat dispatches a connection's events}
   *
   * <p>The return type is {@code Lock} in Tomcat 10.1 and {@code ReentrantLock} in 11, so neither
   * version can link code that was compiled for the other.
   */
  static Lock lockOf(SocketWrapperBase<?> wrapper) {
    try {
      return (Lock) lockMethod().invoke(wrapper);
    } catch (ReflectiveOperationException unexpected) {
      throw new IllegalStateException("Tomcat's socket has no lock", unexpected);
    }
  }
}

"""aws_cli - the real aws CLI, started a hundred times without being loaded a hundred times

Run by the Python of the virtual environment:

    aws_cli.py serve SOCKET     loads awscli, then forks for each call that comes by the socket
    aws_cli.py call SOCKET LOG ARGUMENT...      what stands as `aws` on a test's PATH

A call brings its descriptors, folder, environment and arguments, and runs awscli's own main
with them, as bin/aws does.  Of half a second for a call four fifths are spent on loading.
LOG gets a line for each: its arguments as JSON.
"""
import json
import os
import socket
import sys
import traceback


def serve(path):
    import awscli.clidriver
    import botocore.loaders

    models = {}
    load = botocore.loaders.JSONFileLoader.load_file

    def load_once(self, name):
        if name not in models:
            models[name] = load(self, name)
        return models[name]

    botocore.loaders.JSONFileLoader.load_file = load_once
    loader = botocore.loaders.Loader()
    for service in ("ec2", "route53", "route53resolver", "route53profiles", "sts"):
        for kind in ("service-2", "paginators-1", "endpoint-rule-set-1"):
            loader.load_service_model(service, kind)
    for name in ("endpoints", "partitions", "_retry", "sdk-default-configuration"):
        loader.load_data(name)

    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    print("ready", flush=True)
    while True:
        call, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            if os.fork():	# nobody has to wait for the grandchild
                os._exit(0)
            answer(call, awscli.clidriver)
        call.close()
        os.wait()


def answer(call, clidriver):
    data, descriptors, _, _ = socket.recv_fds(call, 1 << 20, 3)
    while not data.endswith(b"\n"):
        data += call.recv(1 << 20)
    folder, environment, arguments = json.loads(data)
    for place, descriptor in enumerate(descriptors):
        os.dup2(descriptor, place)
    os.chdir(folder)
    environment["AWS_DATA_PATH"] = os.environ["AWS_DATA_PATH"]	# awscli told itself
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["aws", *arguments]
    status = 255
    try:
        status = clidriver.main()
    except SystemExit as ended:
        status = ended.code or 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        call.send(bytes([status]))
        os._exit(0)


def call(path, log, *arguments):
    with open(log, "a", encoding="utf-8") as file:
        file.write(json.dumps(arguments) + "\n")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.connect(path)
    message = json.dumps([os.getcwd(), dict(os.environ), arguments]).encode() + b"\n"
    sent = socket.send_fds(server, [message], [0, 1, 2])
    server.sendall(message[sent:])
    status = server.recv(1)
    return status[0] if status else 255


if __name__ == "__main__":
    sys.exit({"serve": serve, "call": call}[sys.argv[1]](*sys.argv[2:]))

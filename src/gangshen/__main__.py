from gangshen.cli import main

main()
